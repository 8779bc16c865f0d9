import Foundation
import Inference
import ModelFormats
import Testing

/// One `Transformer` serves every family: what is odd about each is in `Tests/Goldens/README.md`.
@Suite struct FamilyTests {
    @Test(arguments: Family.allCases)
    func `a family's states, logits and cross-attention are those of Hugging Face`(family: Family) throws {
        let model = try family.model()
        let tensors = try SafeTensorsFile(path: family.golden.directory.appending(path: "states.safetensors").path)
        let states = try family.golden.states()
        #expect(!states.isEmpty)
        for (index, state) in states.enumerated() {
            try LayerOutputs(model, state).expectEqual(to: tensors, index, "\(family) \(index)")
        }
    }

    @Test(arguments: Family.allCases)
    func `a family's searches give what generate gives`(family: Family) throws {
        try family.model().expectGoldenHypotheses(family.golden.cases(), "\(family)")
    }

    @Test(arguments: Family.allCases)
    func `a family's targets are scored as Hugging Face scores them`(family: Family) throws {
        let model = try family.model()
        let states = try family.golden.states()
        for (state, found) in zip(states, model.run(try states.map { try model.score($0.source, target: $0.target) })) {
            try #require(found[0].tokenScores.count == state.logProbs.count)
            for (a, b) in zip(found[0].tokenScores, state.logProbs) { #expect(abs(a - b) < 1e-4) }
        }
    }

    @Test(arguments: Family.allCases)
    func `a family's output does not depend on its batch`(family: Family) throws {
        let model = try family.model()
        var options = DecodingOptions()
        options.alignments = true
        let jobs = try family.golden.cases().map { try model.search($0.source, options) }
        expectSameBits(model.run(jobs, together: jobs.count), model.run(jobs, together: 1))
    }
}
