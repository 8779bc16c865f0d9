import Foundation
import Inference
import ModelFormats
import Tensors
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
            let found = try LayerOutputs(model, state)
            for (tensor, values) in [
                ("encoder", found.encoder), ("logits", found.logits), ("cross_attention", found.crossAttention),
            ] {
                let expected = try tensors.tensor("\(index).\(tensor)").floats()
                try #require(expected.count == values.count)
                for at in 0..<values.count {
                    #expect(abs(values[at] - expected.pointer[at]) < 1e-4, "\(name) \(index).\(tensor)[\(at)]")
                }
            }
        }
    }

    @Test("the demo model's likeliest tokens have the same logits at every step")
    func sameTopLogits() throws {
        let golden = Golden("demo-en-fr")
        let model = try TestModel(golden.model)
        let vocabulary = model.configuration.targetVocabularySize
        for state in try golden.states() {
            let found = try LayerOutputs(model, state)
            let tokens = try #require(state.top_tokens), logits = try #require(state.top_logits)
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
            try #require(found[0].tokenScores.count == state.log_probs.count)
            for (a, b) in zip(found[0].tokenScores, state.log_probs) { #expect(abs(a - b) < 1e-4) }
        }
    }
}

/// What the layers give for a source and a given target.
private struct LayerOutputs {
    var encoder: [Float] = []
    var logits: [Float] = []
    var crossAttention: [Float] = []

    init(_ model: TestModel, _ state: Golden.State) throws {
        let configuration = model.configuration, transformer = model.transformer
        let workspace = Workspace(
            rows: 128, configuration: configuration, precision: transformer.precision, kernels: model.kernels)
        let source = model.ended(state.source)
        transformer.encode(source, lengths: [source.count], in: workspace)
        encoder = Array(
            UnsafeBufferPointer(start: workspace.stream.pointer, count: source.count * configuration.width))

        let rows = KeyValueRows(configuration: configuration)
        let target = [Int32(configuration.specials.decoderStart)] + state.target.map(Int32.init)
        let memory = SegmentMemory(
            sourceLength: source.count, hypotheses: 1, capacity: target.count, stepRows: target.count,
            keepsAlignments: true, rows: rows)
        let places = source.indices.map(memory.takeSourceRow)
        transformer.projectStates(count: source.count, in: workspace) { places[$0] }
        let batch = target.enumerated().map { position, token in
            memory.row(token, position: position, hypothesis: 0, stepIndex: position)
        }
        transformer.decode(batch, in: workspace)
        for index in batch.indices {
            let row = transformer.computeLogits(of: index..<index + 1, in: workspace)
            logits += UnsafeBufferPointer(start: row, count: configuration.targetVocabularySize)
            let alignment = try #require(memory.alignment(index))
            crossAttention += UnsafeBufferPointer(start: alignment, count: source.count)
        }
    }
}
