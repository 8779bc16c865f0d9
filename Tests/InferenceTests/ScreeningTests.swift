import CKernels
import Inference
import ModelFormats
import Tensors
import TestKit
import Testing

/// Greedy search without scores finds its tokens without computing most logits, and they are those of the whole.
@Suite struct ScreeningTests {
    private static let sets = Kernels.available.filter { $0.table.pointee.screened_rows > 0 }

    /// Greedy searches with constraints of many kinds; a constraint that depends on what came before wants all logits.
    private func jobs(_ model: TestModel, scored: Bool) throws -> [SegmentJob] {
        var random = SeededRandom(seed: 5)
        return try IdentitySample.goldenSentences().map { sentence in
            var options = DecodingOptions()
            options.beamSize = 1
            options.returnScores = scored
            options.maximumLengthRatio = 2
            if random.flag() { options.minimumLengthRatio = 1.5 }
            if random.flag() {
                options.suppressed = (0..<random.integer(1...12)).map { _ in [random.integer(1...7999)] }
            }
            if random.oneIn(4) { options.prefix = [random.integer(1...7999), random.integer(1...7999)] }
            if random.oneIn(8) { options.noRepeatNgramSize = 2 }
            return try model.search(sentence, options)
        }
    }

    private func tokens(_ hypotheses: [[TokenHypothesis]]) -> [[[Int]]] { hypotheses.map { $0.map(\.tokens) } }

    @Test(arguments: sets, 1...5)
    func `the tokens are those of a search with scores`(kernels: Kernels, together: Int) throws {
        let model = try TestModel(Golden("demo-en-fr").model, precision: .int8, kernels: kernels)
        let expected = model.run(try jobs(model, scored: true), together: 3)
        #expect(tokens(model.run(try jobs(model, scored: false), together: together)) == tokens(expected))
    }

    @Test(arguments: sets)
    func `most groups of columns are never computed`(kernels: Kernels) throws {
        let model = try TestModel(Golden("demo-en-fr").model, precision: .int8, kernels: kernels)
        let replica = model.replica()
        for sentence in try IdentitySample.goldenSentences().prefix(10) {
            var options = DecodingOptions()
            options.beamSize = 1
            options.returnScores = false
            replica.start([(id: 1, job: try model.search(sentence, options))])
            while !replica.isIdle { replica.step { _, _ in } }
        }
        let work = replica.work
        #expect(work.screenedSteps == work.steps && work.screenedRows == work.rows)
        #expect(work.screenedGroups * 5 < work.screenedRows * Transformer.outputGroups(model.configuration))
    }

    /// So many target tokens in a row are the same as the first of them.
    private struct Repeated: TensorSource {
        let weights: any TensorSource
        let times: Int

        func tensor(_ name: TensorName, shape: [Int]) throws -> StoredTensor {
            let stored = try weights.tensor(name, shape: shape)
            switch name {
            case .embedding(.decoder), .output(.bias): break
            default: return stored
            }
            let width = stored.elementCount / shape[shape.count == 1 ? 0 : shape.count - 2]
            let repeated = AlignedBuffer<Float>(count: stored.elementCount)
            stored.widen(0..<stored.elementCount, into: repeated.pointer)
            for row in 0..<stored.elementCount / width where row % times != 0 {
                let first = row / times * times
                (repeated.pointer + row * width).update(from: repeated.pointer + first * width, count: width)
            }
            return StoredTensor(
                elementType: .float32, shape: shape,
                bytes: UnsafeRawBufferPointer(start: repeated.pointer, count: repeated.byteCount), owner: repeated)
        }
    }

    private func model(repeating times: Int, _ kernels: Kernels) throws -> TestModel {
        let bundle = try ModelBundle.load(Golden("demo-en-fr").model)
        let transformer = try Transformer(
            configuration: bundle.configuration, precision: .int8,
            from: Repeated(weights: bundle.weights, times: times))
        return TestModel(
            transformer, defaults: bundle.defaults, frame: try #require(bundle.configuration.framing.frame()),
            kernels: kernels)
    }

    @Test(arguments: sets)
    func `where no token stands out, all are computed, and the first that is allowed is taken`(
        kernels: Kernels
    ) throws {
        let model = try model(repeating: .max, kernels)
        var options = DecodingOptions()
        options.beamSize = 1
        options.returnScores = false
        options.maximumLength = 3
        options.minimumLength = 3
        options.suppressed = [[1], [2], [4]]
        let replica = model.replica()
        replica.start([(id: 1, job: try model.search([5, 6, 7], options))])
        var found: [TokenHypothesis] = []
        while !replica.isIdle { replica.step { found = $1 } }
        #expect(found.map(\.tokens) == [[3, 3, 3]])
        let groups = Transformer.outputGroups(model.configuration)
        #expect(replica.work.screenedGroups >= replica.work.screenedRows * groups)
    }

    @Test(arguments: sets)
    func `of equals the first one is taken, unless it is forbidden`(kernels: Kernels) throws {
        let model = try model(repeating: 2, kernels)
        for sentence in try IdentitySample.goldenSentences().prefix(20) {
            var options = DecodingOptions()
            options.beamSize = 1
            options.maximumLength = 12
            options.minimumLength = 12
            let scored = model.run([try model.search(sentence, options)])
            options.returnScores = false
            let first = model.run([try model.search(sentence, options)])
            #expect(tokens(first) == tokens(scored))
            // `</s>` is forbidden; its double is not.
            let doubleOfEnd = model.configuration.specials.endOfSentence + 1
            #expect(first[0][0].tokens.allSatisfy { $0.isMultiple(of: 2) || $0 == doubleOfEnd })
            let best = first[0][0].tokens[0]
            guard best != doubleOfEnd else { continue }
            options.suppressed = [[best]]
            #expect(model.run([try model.search(sentence, options)])[0][0].tokens[0] == best + 1)
        }
    }
}
