import JobModel
import TestKit

/// What producers submit.
struct Workload {
    static let models = [
        ModelOffer(name: "en-de", sourceLanguage: "en", targetLanguage: "de"),
        ModelOffer(name: "en-fr", sourceLanguage: "en", targetLanguage: "fr"),
        ModelOffer(name: "many", sets: [LanguageSet(source: languages, target: languages)]),
    ]
    private static let languages = ["en", "fr", "de"]
    /// What a worker of an older release offers, which has one pair of the model of several by its configuration, and
    /// translates into that whatever a job names.
    static let olderModels = [models[0], ModelOffer(name: "many", sourceLanguage: "fr", targetLanguage: "de")]

    private var count: UInt64 = 0

    mutating func job(of producer: Int, _ scenario: Scenario, random: inout SeededRandom) -> Job {
        count += 1
        let mark = Self.mark(scenario.natures, &random)
        let sourceCount = random.oneIn(4) ? random.integer(2...5) : 1
        let marked = random.integer(0...sourceCount - 1)
        let sources = (0..<sourceCount).map { index in
            source(index, mark: index == marked ? mark : .plain, &random)
        }
        var job = Job(id: JobID(high: UInt64(producer), low: count), sources)
        job.model = Self.model(&random)
        job.priority = random.integer(0...3)
        job.topic = random.flag() ? "topic" : ""
        job.wantsPartialResults = random.integer(1...1000) <= scenario.partialsPerThousand
        if random.integer(1...1000) <= scenario.deadlinesPerThousand {
            job.deadlineMilliseconds = UInt64(random.integer(50...60_000))
        }
        if random.oneIn(5) { job.maximumAttempts = random.integer(1...4) }
        return job
    }

    private static func model(_ random: inout SeededRandom) -> ModelSelection {
        switch random.integer(0...3) {
        case 0: .named("en-fr")
        case 1: .languages(source: "en", target: "de")
        case 2: .languages(source: "fr", target: "DEU")
        default:
            .model(
                "many",
                LanguageSelection(
                    source: random.choice(["en", "FR", "de_DE"]), target: random.choice(["eng", "fr-CA", "de"])))
        }
    }

    /// Another job that has the same id by mistake.
    static func impostor(of job: Job) -> Job {
        var impostor = job
        impostor.sources = [.text("an impostor")]
        return impostor
    }

    private func source(_ index: Int, mark: Nature, _ random: inout SeededRandom) -> Source {
        if random.oneIn(12) { return .tokens(["job", "\(count)", "source", "\(index)", Self.text(of: mark)]) }
        let lines = random.oneIn(6) ? random.integer(5...40) : 1
        let marked = random.integer(1...lines)
        let text = (1...lines).map { line in
            "job \(count) source \(index) line \(line)\(line == marked ? Self.text(of: mark) : "")"
        }
        return .text(text.joined(separator: "\n") + (random.flag() ? "\n" : ""))
    }

    private static func text(of mark: Nature) -> String {
        mark == .plain ? "" : String(UnicodeScalar(mark.rawValue))
    }

    private static func mark(_ natures: Scenario.Natures, _ random: inout SeededRandom) -> Nature {
        var draw = random.integer(1...1000)
        let shares: [(Nature, Int)] = [
            (.poison, natures.poison), (.shaky, natures.shaky), (.hopeless, natures.hopeless),
            (.moody, natures.moody), (.slow, natures.slow),
        ]
        for (nature, share) in shares {
            draw -= share
            if draw <= 0 { return nature }
        }
        return .plain
    }
}
