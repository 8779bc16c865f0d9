import Inference
import ModelFormats
import Tensors
import Testing

/// What the layers give for a source and a given target.
struct LayerOutputs {
    var encoder: [Float] = []
    var logits: [Float] = []
    var crossAttention: [Float] = []

    init(_ model: TestModel, _ state: Golden.State) throws {
        let configuration = model.configuration, transformer = model.transformer
        let workspace = Workspace(
            rows: 128, configuration: configuration, precision: transformer.precision, kernels: model.kernels)
        let source = model.framed(state.source)
        transformer.encode(source, lengths: [source.count], in: workspace)
        encoder = Array(
            UnsafeBufferPointer(start: workspace.stream.pointer, count: source.count * configuration.width))

        let rows = KeyValueRows(configuration: configuration, format: workspace.keyValueFormat)
        let target = [Int32(model.frame.decoderStart)] + state.target.map(Int32.init)
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

    /// Compares all of them with those of case `index` in a model's golden tensors.
    func expectEqual(to tensors: SafeTensorsFile, _ index: Int, _ place: String) throws {
        for (name, values) in [("encoder", encoder), ("logits", logits), ("cross_attention", crossAttention)] {
            let expected = try tensors.tensor("\(index).\(name)").floats()
            try #require(expected.count == values.count)
            for at in 0..<values.count {
                #expect(abs(values[at] - expected.pointer[at]) < 1e-4, "\(name)[\(at)] of \(place)")
            }
        }
    }
}
