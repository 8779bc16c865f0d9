import JobModel
import TestKit
import Testing
import Wire

@Suite("Memory for unpacking is bounded")
struct BudgetTests {
    /// What is worst for protobuf-c, whose structs are large: many small things.
    static let honest: [(String, Envelope)] = {
        var random = SeededRandom(seed: 1)
        func id() -> JobID { JobID(high: random.next(), low: random.next()) }
        var tokens = Output.Hypothesis(text: "a", score: -1)
        tokens.tokens = Array(repeating: "▁a", count: 40_000)
        tokens.tokenScores = Array(repeating: -1, count: 40_000)
        var aligned = Output.Hypothesis(text: "a", score: -1)
        aligned.alignment = Array(repeating: [0.25, 0.75], count: 20_000)
        let small = (0..<5_000).map { _ in Output(hypotheses: [Output.Hypothesis(text: "a", score: -1)]) }
        func done(_ outputs: [Output]) -> Envelope {
            let lease = LeaseName(chunk: ChunkID(job: id(), index: 0), token: 1)
            return Envelope(.done(Done(lease: lease, outputs: outputs, sourceTokens: 1, sentences: 1)))
        }
        return [
            ("1000 jobs of a word", Envelope(.submit((0..<1000).map { _ in Job(id: id(), [.text("a")]) }))),
            ("64 jobs of a word", Envelope(.submit((0..<64).map { _ in Job(id: id(), [.text("a")]) }))),
            ("a job of a word", Envelope(.submit([Job(id: id(), [.text("a")])]))),
            ("a job of 10,000 words", Envelope(.submit([Job(id: id(), Array(repeating: .text("a"), count: 10_000))]))),
            ("tokens", Envelope(.submit([Job(id: id(), [.tokens(Array(repeating: "a", count: 100_000))])]))),
            (
                "1000 verdicts",
                Envelope(.submitReply((0..<1000).map { _ in Verdict(job: id(), .accepted(duplicate: false)) }))
            ),
            ("1000 states", Envelope(.cancelReply(Array(repeating: .done, count: 1000)))),
            ("short outputs", done(small)),
            (
                "blank outputs",
                done(Array(repeating: Output(hypotheses: [Output.Hypothesis(text: "", score: nil)]), count: 2048))
            ),
            ("outputs with tokens", done([Output(hypotheses: [tokens])])),
            ("outputs with alignments", done([Output(hypotheses: [aligned])])),
        ]
    }()

    @Test("honest frames fit, however small their parts")
    func honestFramesFit() throws {
        var decoder = try EnvelopeDecoder(frameSizeLimit: 1 << 20)
        for (name, envelope) in Self.honest {
            let frame = envelope.encoded()
            #expect(try decoder.decode(frame) == envelope, "\(name)")
        }
    }
}
