import JobModel
import JobStore
import TestKit
import Testing

@Suite("Assembly")
struct AssemblyTests {
    private typealias Segment = SegmentScore

    /// One text, cut into pieces after each line.
    private func plans(_ pieces: Int) -> [ChunkPlan] {
        (0..<pieces).map { ChunkPlan(pieces: [Piece(source: 0, bytes: $0 * 10..<$0 * 10 + 10)], cost: 1) }
    }

    private func output(_ texts: String..., segments: [Segment] = []) -> Output {
        Output(
            hypotheses: texts.map { text in
                var hypothesis = Output.Hypothesis(text: text, score: -1)
                hypothesis.segmentScores = segments
                return hypothesis
            })
    }

    @Test("joins the pieces of a text in order, and leaves whole sources as they are")
    func texts() {
        var plans = [
            ChunkPlan(pieces: [Piece(source: 0), Piece(source: 1, bytes: 0..<5)], cost: 1),
            ChunkPlan(pieces: [Piece(source: 1, bytes: 5..<9)], cost: 1),
        ]
        plans.append(ChunkPlan(pieces: [Piece(source: 1, bytes: 9..<12), Piece(source: 2)], cost: 1))
        let outputs = Assembly.outputs(
            of: plans, [[output("zero"), output("one\n")], [output("two\n")], [output("three"), output("four")]])
        #expect(outputs.map { $0.hypotheses.map(\.text) } == [["zero"], ["one\ntwo\nthree"], ["four"]])
    }

    @Test("hypothesis n is made of each piece's nth, or its last where it has fewer")
    func ranks() {
        let outputs = Assembly.outputs(
            of: plans(3), [[output("a1", "a2", "a3")], [output("b1")], [output("c1", "c2")]])
        #expect(outputs[0].hypotheses.map(\.text) == ["a1b1c1", "a2b1c2", "a3b1c2"])
    }

    @Test("scores a cut text as the engine scores it whole, to the bit")
    func scores() {
        var random = SeededRandom(seed: 3)
        for _ in 0..<500 {
            let segments = (0..<random.integer(0...12)).map { _ in
                Segment(score: random.floats(1)[0], weight: UInt32(random.integer(0...60)))
            }
            // As in `Preparation.assemble`.
            let weight = segments.reduce(0) { $0 + Float($1.weight) }
            let sum = segments.reduce(0) { $0 + $1.score * Float($1.weight) }
            let whole = segments.count == 1 ? segments[0].score : weight > 0 ? sum / weight : 0

            var rest = segments[...]
            var results: [[Output]] = []
            for _ in 0..<random.integer(1...5) {
                let part = Array(rest.prefix(random.integer(0...4)))
                rest = rest.dropFirst(part.count)
                results.append([output("x", segments: part)])
            }
            results.append([output("x", segments: Array(rest))])
            let outputs = Assembly.outputs(of: plans(results.count), results)
            #expect(outputs[0].hypotheses[0].score?.bitPattern == whole.bitPattern)
        }
    }

    @Test("keeps the score of a source that was not cut, and drops what it is made of")
    func wholeSource() {
        let outputs = Assembly.outputs(
            of: [ChunkPlan(pieces: [Piece(source: 0)], cost: 1)],
            [[output("a", segments: [.init(score: -3, weight: 1)])]])
        #expect(outputs == [Output(hypotheses: [.init(text: "a", score: -1)])])
    }

    @Test("has no score where a piece has none")
    func noScore() {
        let scored = output("a", segments: [.init(score: -1, weight: 2)])
        var unscored = output("b", segments: [])
        unscored.hypotheses[0].score = nil
        #expect(Assembly.outputs(of: plans(2), [[unscored], [unscored]])[0].hypotheses[0].score == nil)
        #expect(Assembly.outputs(of: plans(2), [[scored], [unscored]])[0].hypotheses[0].score == nil)
        #expect(Assembly.outputs(of: plans(1), [[unscored]])[0].hypotheses[0].score == nil)
    }

    @Test("joins tokens, their scores and their alignments, and is truncated where a piece is")
    func details() {
        var first = output("a")
        first.hypotheses[0].tokens = ["▁a", "b"]
        first.hypotheses[0].tokenScores = [-1, -2]
        first.hypotheses[0].alignment = [[0.5, 0.5], [1, 0]]
        var second = output("c")
        second.hypotheses[0].tokens = ["▁c"]
        second.hypotheses[0].tokenScores = [-3]
        second.hypotheses[0].alignment = [[1]]
        second.hypotheses[0].isTruncated = true
        let whole = Assembly.outputs(of: plans(2), [[first], [second]])[0].hypotheses[0]
        #expect(whole.tokens == ["▁a", "b", "▁c"])
        #expect(whole.tokenScores == [-1, -2, -3])
        #expect(whole.alignment == [[0.5, 0.5], [1, 0], [1]])
        #expect(whole.isTruncated)
    }

    @Test("what became of terms is told of the whole")
    func terms() {
        var first = Output(hypotheses: [Output.Hypothesis(text: "a", score: nil)]), second = first
        (first.glossaryHits, first.glossaryMisses) = (2, ["x"])
        (second.glossaryHits, second.glossaryMisses) = (1, ["y", "x"])
        let pieces = [Piece(source: 0, bytes: 0..<1), Piece(source: 0, bytes: 1..<2)]
        let plans = pieces.map { ChunkPlan(pieces: [$0], cost: 1) }
        let whole = Assembly.outputs(of: plans, [[first], [second]])[0]
        #expect(whole.glossaryHits == 3 && whole.glossaryMisses == ["x", "y", "x"])
        #expect(first.byteCount == second.byteCount - 3)
    }

    @Test("a whole is as doubtful as the most doubtful of its pieces")
    func doubts() {
        var first = Output(hypotheses: [Output.Hypothesis(text: "a", score: nil)])
        var second = first
        let copied = first
        (first.confidence, first.suspicion) = (0.75, nil)
        (second.confidence, second.suspicion) = (0.5, .length)
        let pieces = (0..<3).map { Piece(source: 0, bytes: $0..<$0 + 1) }
        let plans = pieces.map { ChunkPlan(pieces: [$0], cost: 1) }
        let whole = Assembly.outputs(of: plans, [[copied], [first], [second]])[0]
        #expect(whole.confidence == 0.5 && whole.suspicion == .length)
        #expect(Assembly.outputs(of: [plans[0]], [[second]])[0].confidence == 0.5)
        let unscored = Assembly.outputs(of: Array(plans.prefix(2)), [[copied], [copied]])[0]
        #expect(unscored.confidence == nil && unscored.suspicion == nil)
    }
}
