import DragomanEngine
import JobModel
import TestKit
import Testing

@Suite(
    "The daemon's outputs are those of dragoman translate, bit for bit", .ownThread, .timeLimit(.minutes(5)),
    .enabled(if: BuiltProgram.isExpected))
struct BitIdentityTests {
    static let model = "demo-en-fr"

    private static let texts = [
        "Where is the train station?", "Thank you very much.", "", "   ", "I would like a cup of coffee, please.",
        "The weather is beautiful today. Tomorrow it will rain.\nTake an umbrella with you!",
        "He said that he would come, but nobody believed him.\r\n\r\nHe came.\r\n", "No.", "😀 Why not?",
        "My brother has lived in this town for more than twenty years, and he knows every street of it.",
        "***", "Good\nmorning, and\nthank you.\n\n12:26\n---\n😀 Yes. ▾",
    ]

    private static func job(_ source: Source, _ change: (inout Job) -> Void = { _ in }) -> Job {
        var job = Job([source])
        job.model = .named(model)
        change(&job)
        return job
    }

    private static let glossary = try? Glossary([
        .init(source: "train station", target: "arrêt"), .init(source: "coffee", target: "jus"),
        .init(source: "umbrella", target: "pébroc"), .init(source: "town", target: ""),
        .init(source: "cat", target: "x"),
    ])

    /// Every text with a few options of each kind.
    private static let jobs: [Job] =
        texts.flatMap { text in
            [
                job(.text(text)),
                job(.text(text)) { $0.options.beamSize = 1 },
                job(.text(text)) { ($0.options.beamSize, $0.options.nBest, $0.wantsTokens) = (4, 3, true) },
                job(.text(text)) { ($0.options.lengthPenalty, $0.options.maximumLength) = (0.25, 6) },
                job(.text(text)) { ($0.options.samplingTopK, $0.options.seed, $0.options.nBest) = (10, 42, 2) },
                job(.text(text)) { ($0.options.alignments, $0.options.beamSize, $0.wantsTokens) = (true, 2, true) },
                job(.text(text)) { ($0.options.returnScores, $0.options.beamSize, $0.wantsTokens) = (false, 1, true) },
                job(.text(text)) { ($0.options.prefix, $0.options.suppress) = (.text("Le"), ["▁la", "▁de ▁la"]) },
                job(.text(text)) { ($0.options.split, $0.options.maximumSegmentLength) = (.newlines, 5) },
                job(.text(text)) { ($0.options.split, $0.options.translateNumbers) = (.nowhere, true) },
                job(.text(text)) { ($0.options.paragraphs, $0.options.wrap) = (true, 12) },
                job(.text(text)) { $0.glossary = glossary },
            ]
        } + [job(.tokens(["▁Thank", "▁you", "."])), job(.tokens(["▁Thank", "▁you", "."])) { $0.wantsTokens = true }]

    private static let expected = Task { try await Reference.translations(of: jobs) }

    @Test("whatever the options, with one worker and with three, for four producers at once", arguments: [1, 3])
    func options(workers: Int) async throws {
        let expected = try await Self.expected.value
        let cluster = try Cluster(workers: workers)
        let producers = try (0..<4).map { _ in try cluster.producer() }
        // Each producer submits all, in its own order, and nobody waits for answers.
        var sources: [JobID: Int] = [:]
        for round in 0..<Self.jobs.count {
            for (shift, producer) in producers.enumerated() {
                let index = (round + shift * 17) % Self.jobs.count
                var job = Self.jobs[index]
                job.id = .random()
                job.priority = shift
                sources[job.id] = index
                try producer.send(.submit([job]))
            }
        }
        let consumer = try cluster.consumer("c")
        for sequence in 1...UInt64(sources.count) {
            let record = try consumer.record()
            #expect(record.sequence == sequence)
            let source = sources.removeValue(forKey: record.job)
            let index = try #require(source)
            #expect(record.state == .done, "\(record)")
            #expect(record.outputs == [expected[index]])
            #expect(record.outputs.first?.bits == expected[index].bits)
        }
        #expect(sources.isEmpty)
        // Whoever leaves before his messages have left takes them with him.
        withExtendedLifetime(producers) {}
    }

    @Test("the command's own outputs are the same")
    func command() async throws {
        let expected = try await Self.expected.value
        let outputs = try Reference.commandOutputs(of: Self.jobs)
        #expect(outputs.count == expected.count)
        for (output, expected) in zip(outputs, expected) {
            #expect(output.map(\.text) == expected.hypotheses.map(\.text))
            #expect(output.map(\.score?.bitPattern) == expected.hypotheses.map(\.score?.bitPattern))
        }
    }

    @Test("a job of many sources has an output for each, in their order")
    func manySources() async throws {
        let expected = try await Reference.translations(of: Self.texts.map { Self.job(.text($0)) })
        let cluster = try Cluster(["BROKER_CHUNK_TOKENS_MAX": "64"], workers: 2)
        let producer = try cluster.producer()
        var job = Job((0..<20).flatMap { _ in Self.texts.map(Source.text) })
        job.model = .named(Self.model)
        try producer.accept(job)
        let consumer = try cluster.consumer("c")
        let record = try consumer.record()
        #expect(record.outputs == (0..<20).flatMap { _ in expected })
        #expect(try producer.report(on: job.id).chunks > 20)
    }
}
