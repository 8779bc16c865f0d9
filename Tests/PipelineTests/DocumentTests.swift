import DragomanEngine
import JobModel
import TestKit
import Testing

@Suite(
    "A document is shared by workers, and comes out as if it had not been", .ownThread, .timeLimit(.minutes(5)),
    .enabled(if: BuiltProgram.isExpected))
struct DocumentTests {
    private static let lines = [
        "The weather is beautiful today, and tomorrow it will be even better.\n", "\n", "Thank you.\r\n", "   \n",
        "Where is the train station? I have lost my way. Can you help me?\n", "\r\n", "\n", "No.\n",
        "  We went to the market and bought apples, pears and bread.  \n",
    ]

    private static func document(lines count: Int, ending: String) -> String {
        (0..<count).map { lines[$0 % lines.count] }.joined() + ending
    }

    private static func job(_ text: String) -> Job {
        var job = Job(text, model: BitIdentityTests.model)
        (job.options.beamSize, job.options.nBest, job.wantsTokens, job.wantsPartialResults) = (2, 2, true, true)
        return job
    }

    @Test(
        "text, scores and tokens of the whole are those of the uncut text; its parts come first, and cover it",
        arguments: ["", "The end.", "The end.\n\n"])
    func cut(ending: String) async throws {
        let text = Self.document(lines: 60, ending: ending)
        let job = Self.job(text)
        let expected = try await Reference.translations(of: [job])[0]
        let cluster = try Cluster(["BROKER_CHUNK_TOKENS_MAX": "64"], workers: 3)
        let producer = try cluster.producer()
        try producer.accept(job)
        let consumer = try cluster.consumer("c")
        var parts: [(piece: Piece, output: Output)] = []
        var record = try consumer.record()
        while record.isPartial {
            #expect(record.job == job.id)
            #expect(record.pieces.count == record.outputs.count)
            parts += zip(record.pieces, record.outputs).map { ($0, $1) }
            record = try consumer.record()
        }
        #expect(record.state == .done)
        #expect(record.outputs == [expected])
        #expect(record.outputs.first?.bits == expected.bits)
        #expect(record.sequence == UInt64(try producer.report(on: job.id).chunks) + 1)
        #expect(parts.count > 5)
        parts.sort { $0.piece.bytes?.lowerBound ?? 0 < $1.piece.bytes?.lowerBound ?? 0 }
        var end = 0
        for part in parts {
            #expect(part.piece.source == 0)
            #expect(part.piece.bytes?.lowerBound == end)
            end = part.piece.bytes?.upperBound ?? 0
        }
        #expect(end == text.utf8.count)
        for index in 0..<2 {
            let joined = parts.map { $0.output.hypotheses[index].text }.joined()
            #expect(joined == expected.hypotheses[index].text)
        }
    }

    @Test("a line too long for a worker's window does not keep its only worker from a short job behind it")
    func hugeLine() async throws {
        let sentence = "The weather is beautiful today, and tomorrow it will be even better. "
        // 17 tokens or so in each by the broker's estimate, and a window of 4,096.
        let huge = Job(String(repeating: sentence, count: 1500), model: BitIdentityTests.model)
        let short = Job("Thank you.", model: BitIdentityTests.model)
        let expected = try await Reference.translations(of: [Job(sentence, model: BitIdentityTests.model), short])
        let cluster = try Cluster(workers: 1)
        let producer = try cluster.producer()
        for job in [huge, short] { try producer.accept(job) }
        let consumer = try cluster.consumer("c")
        let first = try consumer.record()
        #expect(first.job == short.id)
        #expect(first.outputs == [expected[1]])
        let second = try consumer.record()
        #expect(second.job == huge.id)
        let text = String(repeating: expected[0].hypotheses[0].text, count: 1500)
        #expect(second.outputs.first?.hypotheses.first?.text == text)
    }

    @Test("what holds for a text as a whole is not cut: a prefix, sampling")
    func uncut() async throws {
        var prefixed = Self.job(Self.document(lines: 20, ending: ""))
        prefixed.options.prefix = .text("Le")
        var sampled = Self.job(Self.document(lines: 20, ending: ""))
        sampled.options = SearchOptions()
        (sampled.options.samplingTopK, sampled.options.seed) = (5, 7)
        let jobs = [prefixed, sampled]
        let expected = try await Reference.translations(of: jobs)
        let cluster = try Cluster(["BROKER_CHUNK_TOKENS_MAX": "64"], workers: 1)
        let producer = try cluster.producer()
        for job in jobs { try producer.accept(job) }
        let consumer = try cluster.consumer("c")
        for _ in jobs {
            var record = try consumer.record()
            while record.isPartial { record = try consumer.record() }
            let index = try #require(jobs.firstIndex { $0.id == record.job })
            #expect(record.outputs == [expected[index]])
        }
    }
}
