import Foundation
import Inference
import ModelFormats
import Tensors
import Testing

/// What holds of every kind of search, whatever the model.
@Suite struct SearchTests {
    enum Kind: CaseIterable, Sendable {
        case greedy, beam, sampling

        func options(_ change: (inout DecodingOptions) -> Void = { _ in }) -> DecodingOptions {
            var options = DecodingOptions()
            options.beamSize = self == .beam ? 4 : 1
            if self == .sampling { options.sampling = .init(temperature: 1.3, seed: 8) }
            if self != .greedy { options.nBest = 3 }
            change(&options)
            return options
        }
    }

    private let golden = Golden("marian-separate")
    private let model: TestModel
    private let unforced: TestModel
    private let sources: [[Int]]

    init() throws {
        model = try TestModel(golden.model)
        unforced = try TestModel(Golden("marian-unforced").model)
        let distinct = Set(try golden.cases().map(\.source)).filter { !$0.isEmpty }
        sources = Array(distinct.sorted { $0.lexicographicallyPrecedes($1) }.prefix(12))
    }

    private func run(_ model: TestModel, _ options: DecodingOptions) throws -> [[TokenHypothesis]] {
        model.run(try sources.map { try model.search($0, options) })
    }

    @Test func `scoring a greedy output gives its token scores, bit for bit`() throws {
        for precision in Precision.allCases {
            let model = try TestModel(golden.model, precision: precision)
            let found = model.run(try sources.map { try model.search($0, Kind.greedy.options()) }).map { $0[0] }
            let scored = model.run(
                try zip(sources, found).map { try model.score($0, target: $1.tokens) }, together: 5)
            #expect(found.contains { !$0.isTruncated })
            for (found, scored) in zip(found, scored) where !found.isTruncated {
                #expect(scored[0].bits == found.bits)
            }
        }
    }

    /// A constraint that may look at the history takes the other of the two ways to choose from a row.
    @Test(arguments: [Kind.greedy, .beam], Precision.allCases)
    func `the best of a row are the same whether or not all of it is kept`(kind: Kind, precision: Precision) throws {
        let model = try TestModel(golden.model, precision: precision)
        func found(_ suppressed: [[Int]]) throws -> [[TokenHypothesis]] {
            let options = kind.options {
                $0.minimumLength = 4
                $0.suppressed = [[7], [11], [12]] + suppressed
            }
            let keepsRow = try model.settings(options, 9).bestCount(1) == nil
            #expect(keepsRow == !suppressed.isEmpty)
            return try run(model, options)
        }
        // A 12 after a 5 is forbidden already.
        expectSameBits(try found([]), try found([[5, 12]]))
    }

    @Test(arguments: Kind.allCases)
    func `a token's alignment is the cross-attention of the step that chose it`(kind: Kind) throws {
        for (source, found) in zip(sources, try run(model, kind.options { $0.alignments = true })) {
            for hypothesis in found {
                let alignment = try #require(hypothesis.alignment)
                #expect(alignment.count == hypothesis.tokens.count)
                let state = Golden.State(source: source, target: hypothesis.tokens, logProbs: [])
                let attention = try LayerOutputs(model, state).crossAttention
                for (step, row) in alignment.enumerated() {
                    #expect(abs(row.reduce(0, +) - 1) < 1e-5)
                    #expect(row == Array(attention[step * row.count..<(step + 1) * row.count]))
                }
            }
        }
    }

    @Test(arguments: Kind.allCases)
    func `an alignment is the mean of what the last layer's heads attend to`(kind: Kind) throws {
        let stack = model.configuration.decoder
        let heads = (0..<stack.heads).map { AttentionHead(layer: stack.layers - 1, head: $0) }
        var options = kind.options { $0.alignments = true }
        options.attentionHeads = heads + [AttentionHead(layer: 0, head: 0)]
        for (source, found) in zip(sources, try run(model, options)) {
            for hypothesis in found {
                let alignment = try #require(hypothesis.alignment)
                #expect(hypothesis.headWeights.count == hypothesis.tokenScores.count)
                for (row, weights) in zip(alignment, hypothesis.headWeights) {
                    #expect(row.count == source.count + 1)
                    #expect(weights.count == (heads.count + 1) * row.count)
                    for column in row.indices {
                        let mean =
                            heads.indices.reduce(0) { $0 + weights[$1 * row.count + column] } / Float(heads.count)
                        #expect(abs(mean - row[column]) < 1e-5)
                    }
                    #expect(abs(weights.suffix(row.count).reduce(0, +) - 1) < 1e-5)
                }
            }
        }
    }

    @Test func `alignments of a scored target are the golden cross-attention`() throws {
        let tensors = try SafeTensorsFile(path: golden.directory.appending(path: "states.safetensors").path)
        var options = DecodingOptions()
        options.alignments = true
        for (index, state) in try golden.states().enumerated() {
            let found = model.run([try model.score(state.source, target: state.target, options)])[0][0]
            let expected = try tensors.tensor("\(index).cross_attention").floats()
            let values = try #require(found.alignment).flatMap { $0 }
            #expect(values.count == state.target.count * (state.source.count + 1))
            for at in values.indices { #expect(abs(values[at] - expected.pointer[at]) < 1e-4) }
        }
    }

    @Test(arguments: Kind.allCases)
    func `where everything is forbidden there are no hypotheses`(kind: Kind) throws {
        let everything = (1..<83).map { [$0] }
        let options = kind.options {
            $0.suppressed = everything
            $0.minimumLength = 1
        }
        #expect(try run(model, options).allSatisfy(\.isEmpty))
        // Nor in the midst of an output.
        let prefixed = kind.options {
            $0.suppressed = everything
            $0.minimumLength = 3
            $0.prefix = [5]
        }
        #expect(try run(model, prefixed).allSatisfy(\.isEmpty))
    }

    @Test(arguments: Kind.allCases)
    func `where nothing but the end is allowed, outputs are empty`(kind: Kind) throws {
        let found = try run(model, kind.options { $0.suppressed = (1..<83).map { [$0] } })
        for hypothesis in found.flatMap({ $0 }) {
            #expect(hypothesis.tokens.isEmpty)
            #expect(hypothesis.tokenScores.count == 1)
            #expect(!hypothesis.isTruncated)
        }
        #expect(found.allSatisfy { $0.count == (kind == .sampling ? 3 : 1) })
    }

    @Test(arguments: Kind.allCases, [1, 5, 30])
    func `outputs have the length that minimum and maximum agree on`(kind: Kind, length: Int) throws {
        for model in [model, unforced] {
            let found = try run(
                model,
                kind.options {
                    $0.minimumLength = length
                    $0.maximumLength = length
                })
            for hypothesis in found.flatMap({ $0 }) {
                #expect(hypothesis.tokens.count == length)
                #expect(hypothesis.isTruncated)
                #expect(hypothesis.tokenScores.count == length + (model.defaults.forcedLastToken == nil ? 0 : 1))
            }
            #expect(found.allSatisfy { !$0.isEmpty })
        }
    }

    @Test(arguments: Kind.allCases)
    func `a maximum of none is an empty output`(kind: Kind) throws {
        let found = try run(model, kind.options { $0.maximumLength = 0 })
        #expect(found.allSatisfy { !$0.isEmpty })
        for hypothesis in found.flatMap({ $0 }) {
            #expect(hypothesis.tokens.isEmpty)
            #expect(hypothesis.tokenScores == [0])
        }
    }

    @Test(arguments: Kind.allCases)
    func `a forced first token comes first and costs nothing`(kind: Kind) throws {
        for hypothesis in try run(model, kind.options { $0.forcedFirstToken = 44 }).flatMap({ $0 }) {
            #expect(hypothesis.tokens.first == 44)
            #expect(hypothesis.tokenScores.first == 0)
        }
    }

    @Test(arguments: Kind.allCases)
    func `a prefix as long as the maximum is the output, with its scores`(kind: Kind) throws {
        let prefix = [9, 30, 41, 7]
        for model in [model, unforced] {
            let found = try run(
                model,
                kind.options {
                    $0.prefix = prefix
                    $0.maximumLength = prefix.count
                    // Where the model forces a token, it goes before the prefix, unless this is it.
                    $0.forcedFirstToken = prefix[0]
                })
            for (source, found) in zip(sources, found) {
                #expect(found.count == (kind == .sampling ? 3 : 1))
                let scored = model.run([try model.score(source, target: prefix)])[0][0]
                for hypothesis in found {
                    #expect(hypothesis.tokens == prefix)
                    #expect(Array(hypothesis.tokenScores.prefix(4)) == Array(scored.tokenScores.prefix(4)))
                }
            }
        }
    }

    @Test func `more patience never finds a worse best hypothesis`() throws {
        var differs = false
        for penalty in [Float(0.5), 1, 2] {
            func best(_ patience: Float) throws -> [TokenHypothesis] {
                try run(
                    model,
                    Kind.beam.options {
                        $0.patience = patience
                        $0.lengthPenalty = penalty
                        $0.earlyStopping = .full
                    }
                ).map { $0[0] }
            }
            for (one, two) in zip(try best(1), try best(2)) {
                #expect(two.score >= one.score)
                differs = differs || two.score > one.score
            }
        }
        #expect(differs, "no case in which patience pays")
    }

    @Test func `hypotheses of a beam differ, and come best first`() throws {
        for found in try run(model, Kind.beam.options { $0.nBest = 4 }) {
            #expect(found.count == 4)
            #expect(Set(found.map(\.tokens)).count == 4)
            #expect(zip(found, found.dropFirst()).allSatisfy { $0.score >= $1.score })
        }
    }

    @Test func `an empty source has an output too`() throws {
        for kind in Kind.allCases {
            let found = model.run([try model.search([], kind.options { $0.alignments = true })])[0]
            #expect(!found.isEmpty)
            for hypothesis in found {
                let alignment = try #require(hypothesis.alignment)
                #expect(alignment.allSatisfy { $0.count == 1 })
            }
        }
    }
}
