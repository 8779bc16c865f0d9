import Foundation
import Inference
import ModelFormats
import Testing

@Suite("The layers compute what Hugging Face's compute")
struct StateGoldenTests {
    @Test(
        "encoder states, logits of every step and cross-attention agree",
        arguments: ["marian-separate", "marian-shared", "marian-unforced"])
    func sameStates(name: String) throws {
        let golden = Golden(name)
        let model = try TestModel(golden.model)
        let tensors = try SafeTensorsFile(path: golden.directory.appending(path: "states.safetensors").path)
        for (index, state) in try golden.states().enumerated() {
            try LayerOutputs(model, state).expectEqual(to: tensors, index, "\(name) \(index)")
        }
    }

    @Test("the demo model's likeliest tokens have the same logits at every step")
    func sameTopLogits() throws {
        let golden = Golden("demo-en-fr")
        let model = try TestModel(golden.model)
        let vocabulary = model.configuration.targetVocabularySize
        for state in try golden.states() {
            let found = try LayerOutputs(model, state)
            let tokens = try #require(state.topTokens), logits = try #require(state.topLogits)
            for step in tokens.indices {
                for (token, logit) in zip(tokens[step], logits[step]) {
                    #expect(abs(found.logits[step * vocabulary + token] - logit) < 2e-4)
                }
            }
        }
    }

    @Test(
        "a given target is scored as Hugging Face scores it",
        arguments: ["marian-separate", "marian-shared", "marian-unforced", "demo-en-fr"])
    func sameScores(name: String) throws {
        let golden = Golden(name)
        let model = try TestModel(golden.model)
        let states = try golden.states()
        let results = model.run(try states.map { try model.score($0.source, target: $0.target) })
        for (state, found) in zip(states, results) {
            #expect(found[0].tokens == state.target)
            try #require(found[0].tokenScores.count == state.logProbs.count)
            for (a, b) in zip(found[0].tokenScores, state.logProbs) { #expect(abs(a - b) < 1e-4) }
        }
    }
}
