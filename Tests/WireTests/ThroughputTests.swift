import Foundation
import JobModel
import TestKit
import Testing
import Wire

/// Says how fast frames are read and written; asserts nothing, for machines differ.
@Suite("Throughput", .enabled(if: ProcessInfo.processInfo.environment["DRAGOMAN_WIRE_BENCHMARK"] != nil))
struct ThroughputTests {
    private static let sentence = "Where is the train station, and when does the last train leave?"

    private static func id(_ number: Int) -> JobID { JobID(high: 1, low: UInt64(number)) }

    private static let submission = Envelope(
        .submit((0..<64).map { Job(id: id($0), [.text(sentence)]) }), correlation: Array(0..<8))

    private static let reply = Envelope(
        .submitReply((0..<64).map { Verdict(job: id($0), .accepted(duplicate: false)) }), correlation: Array(0..<8))

    private static let result = {
        var record = Record(sequence: 123_456, job: id(1), state: .done)
        record.outputs = [Output(hypotheses: [Output.Hypothesis(text: sentence, score: -0.4)])]
        record.model = "demo-en-fr"
        record.acceptedAt = 1_760_000_000_000
        record.finishedAt = 1_760_000_000_500
        record.attempts = 1
        return Envelope(.record(record, epoch: 3))
    }()

    private static let tokens = {
        var hypothesis = Output.Hypothesis(text: sentence, score: -0.4)
        hypothesis.tokens = Array(repeating: "▁train", count: 40)
        hypothesis.tokenScores = Array(repeating: -0.1, count: 40)
        let lease = LeaseName(chunk: ChunkID(job: id(1), index: 0), token: 1 << 40)
        let outputs = Array(repeating: Output(hypotheses: [hypothesis]), count: 64)
        return Envelope(
            .done(Done(lease: lease, outputs: outputs, sourceTokens: 900, sentences: 64)))
    }()

    @Test(
        "decoding and encoding",
        arguments: [
            ("SUBMIT of 64 jobs", submission), ("SubmitReply of 64", reply), ("Record", result),
            ("Done of 64 outputs with tokens", tokens),
        ])
    func throughput(name: String, envelope: Envelope) throws {
        let frame = envelope.encoded()
        var decoder = try EnvelopeDecoder(frameSizeLimit: 1 << 20)
        let decoding = try best { for _ in 0..<200 { _ = try decoder.decode(frame) } } / 200
        var reused: [UInt8] = []
        let encoding = best { for _ in 0..<200 { envelope.encode(into: &reused) } } / 200
        func figure(_ time: Duration) -> String {
            let seconds = time / .seconds(1)
            let micros = (seconds * 1e8).rounded() / 100
            return "\(micros) µs, \(Int(Double(frame.count) / seconds / 1e6)) MB/s"
        }
        print("\(name), \(frame.count) bytes: decode \(figure(decoding)); encode \(figure(encoding))")
    }

    /// The fastest of many rounds: the others were disturbed.
    private func best(_ work: () throws -> Void) rethrows -> Duration {
        let clock = ContinuousClock()
        return try (0..<50).map { _ in try clock.measure(work) }.min() ?? .zero
    }
}
