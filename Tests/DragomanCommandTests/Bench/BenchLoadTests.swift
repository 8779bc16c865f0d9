import DragomanCommand
import DragomanEngine
import Foundation
import Inference
import Tensors
import Testing

@Suite("The benchmark says how near the machine's limits it came")
struct BenchLoadTests {
    private let translator: Translator

    init() throws {
        var settings = Translator.Settings()
        settings.batchTokens = 64
        translator = try Translator(settings: settings)
    }

    private func request(_ text: String, length: Int) -> TranslationRequest {
        var request = TranslationRequest(.text(text))
        request.options.beamSize = 2
        request.options.minimumLength = length
        request.options.maximumLength = length
        return request
    }

    @Test("steps, rows and tokens are counted as they are computed")
    func counts() async throws {
        let before = translator.work
        let translation = try await translator.translate(request("Where is the train station?", length: 5))
        let work = translator.work - before
        let source = translation.segments[0].sourceTokens.count
        #expect(work.groups == 1 && work.segments == 1)
        #expect(work.encodedTokens == source + 1 && work.paddedTokens == work.encodedTokens)
        // The end is forced at the maximum length and not computed; the first step has one hypothesis.
        #expect(work.steps == 5 && work.rows == 1 + 4 * 2)
        #expect(work.budgetUsed == work.steps * (work.encodedTokens + 2))
    }

    @Test("what a row costs is what the model's matrices hold")
    func costs() {
        let engine = translator.engine, width = 256, inside = 1024
        let configuration = engine.configuration
        #expect(configuration.width == width && configuration.encoder.feedForwardWidth == inside)
        let layer = 4 * width * width + 2 * width * inside
        let encoder = configuration.encoder.layers * layer + 2 * configuration.decoder.layers * width * width
        let decoder =
            configuration.decoder.layers * (layer + 2 * width * width) + width * configuration.targetVocabularySize
        var work = ComputedWork()
        work.encode(lengths: [3, 5])
        work.decode(rows: 7, budgetUsed: 15)
        work.decode(rows: 2, budgetUsed: 5)
        #expect(engine.multiplyAdds(of: work) == Double(8 * encoder + 9 * decoder))
        // A byte a weight, and scales and offsets beside them.
        let bytes = engine.weightBytes(of: work)
        #expect(bytes > Double(encoder + 2 * decoder) && bytes < 1.1 * Double(encoder + 2 * decoder))

        #expect(engine.screenedShare(of: work) == nil)
        // Half of the output layer's levels, and all of two groups of columns.
        work.screen(rows: 2, groups: 2)
        let spared = width * ((configuration.targetVocabularySize + 15) / 16 * 16) / 2 - 2 * 64 * (width + 8)
        #expect(engine.weightBytes(of: work) == bytes - Double(spared))
        let groups = (configuration.targetVocabularySize + 63) / 64
        #expect(engine.screenedShare(of: work) == 2 / Double(2 * groups))

        let machine = MachineSpeed(kernels: engine.kernels, bytes: 1 << 20)
        let load = BenchLoad(work, seconds: 2, engine: engine, machine: machine)
        #expect(load.stepRows == 4.5 && load.groupSegments == 2)
        #expect(load.budgetShare == Double(20) / Double(2 * 64))
        #expect(load.paddingAvoided == 0.2)
        #expect(load.multiplyAdds == Double(8 * encoder + 9 * decoder) / 2)
        #expect(load.memoryShare == (bytes - Double(spared)) / 2 / machine.memoryBytes)
        #expect(load.lines.count == 5)
    }

    @Test("the machine's speed is that of something, on every instruction set")
    func machine() {
        for kernels in Kernels.available {
            let speed = MachineSpeed(kernels: kernels, bytes: 1 << 20)
            #expect(speed.memoryBytes > 1e8)
            #expect((speed.int8MultiplyAdds == nil) == (kernels.name == "portable"))
            if let peak = speed.int8MultiplyAdds { #expect(peak > 1e9) }
        }
    }

    @Test("the figures go with the others, for people and for programs")
    func output() throws {
        let engine = translator.engine
        var work = ComputedWork()
        work.encode(lengths: [4])
        work.decode(rows: 4, budgetUsed: 8)
        var figures = BenchFigures(requests: 1)
        figures.tokens = 4
        figures.seconds = [0.5]
        #expect(!figures.text.contains("padding"))
        figures.load = BenchLoad(
            work, seconds: 0.5, engine: engine, machine: MachineSpeed(kernels: engine.kernels, bytes: 1 << 20))
        #expect(figures.text.contains("\nbatches      4.00 hypotheses a step, 13 % of the budget; 1.00 segments"))
        let object = try JSONSerialization.jsonObject(with: Data(figures.json)) as? [String: Any]
        let load = try #require(object?["load"] as? [String: Any])
        #expect(load["instruction_set"] as? String == engine.kernels.name)
        #expect(load["rows_per_step"] as? Double == 4)
        #expect(load["encoder_padding_avoided"] as? Double == 0)
    }
}
