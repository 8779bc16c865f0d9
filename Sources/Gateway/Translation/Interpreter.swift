internal import Clocks
package import JobModel
package import Languages
internal import SettingValues
internal import Synchronization

/// Translates texts as people ask for it: from a language that is found out, through several models if need be.
package final class Interpreter: Sendable {
    package struct Settings: Sendable {
        /// Of jobs, so that people do not wait for bulk.
        package var priority = 2
        /// How long a translation may take.
        package var deadline = Duration.milliseconds(GatewaySettings().translationMsMax)
        /// A request of more bytes is several jobs, as a message of the broker's has a limit.
        package var bytesPerJob = 256 << 10
        package var textsPerJob = 1000
        /// What is known of models is asked for again after so long.
        package var modelsAge = Duration.seconds(2)

        package init() {}
    }

    package struct Request: Sendable {
        package var texts: [String]
        /// nil: it is found out for each text.
        package var source: String?
        package var target: String
        /// How many other translations of each text are wanted.
        package var alternatives = 0
        /// Of the jobs, for observers.
        package var topic = ""
        /// W3C `traceparent` of the jobs.
        package var trace = ""
        /// Where texts are cut into segments; nil: at the ends of sentences and lines.
        package var split: SplitRule?
        /// Whether line breaks within paragraphs mean nothing.
        package var isHardWrapped = false
        /// nil: the texts are plain.
        package var markup: MarkupForm?
        /// The name of a glossary that the broker keeps.
        package var glossary: String?
        /// Whether the texts are those of one document: they are in one language, and are one job.
        package var isDocument = false

        package init(_ texts: [String], from source: String?, to target: String) {
            self.texts = texts
            self.source = source
            self.target = target
        }
    }

    package struct Rendering: Sendable, Hashable {
        package var text: String
        package var alternatives: [String] = []
        package var source: LanguageDetector.Guess
        package var target: LanguageTag
        /// The models that the text went through, in order.
        package var models: [String] = []
        /// The last of the jobs that the text went through; nil: it went through none.
        package var job: JobID?
    }

    private struct Known {
        var map: ModelMap
        var at: UInt64
    }

    package let settings: Settings
    package let desk: any JobDesk
    private let detector = LanguageDetector()
    private let known = Mutex<Known?>(nil)

    package init(_ desk: any JobDesk, settings: Settings = Settings()) {
        self.desk = desk
        self.settings = settings
    }

    /// What models there are.
    package func models() async throws(GatewayError) -> ModelMap {
        let now = SystemClock.monotonic
        if let known = known.withLock(\.self), now - known.at < settings.modelsAge.nanoseconds { return known.map }
        let map = ModelMap(try await desk.models())
        // A worker that has just begun is not to be waited for once more.
        if !map.isEmpty { known.withLock { $0 = Known(map: map, at: now) } }
        return map
    }

    /// - Throws: `.unavailable` when there is none.
    private func modelsAtHand() async throws(GatewayError) -> ModelMap {
        let map = try await models()
        guard !map.isEmpty else { throw Self.noModels }
        return map
    }

    private static let noModels = GatewayError(
        .unavailable, "no worker offers a model; start one with: dragoman worker")

    /// The language of each text: the one that is named, or what is found out.
    private func sources(of request: Request, _ map: ModelMap) throws(GatewayError) -> [LanguageDetector.Guess] {
        var texts = request.texts
        // Where the language is named, the words are not needed; XML that is not well-formed is refused in any case.
        if let markup = request.markup, request.source == nil || markup.language == .xml {
            for index in texts.indices { texts[index] = try markup.words(of: texts[index]) }
        }
        if let text = request.source {
            let named = LanguageDetector.Guess(try map.language(text), confidence: 100)
            return texts.map { _ in named }
        }
        if request.isDocument {
            guard let guess = detector.guess(texts.joined(separator: "\n"), among: map.sources) else {
                throw Self.noModels
            }
            return texts.map { _ in guess }
        }
        var guesses: [LanguageDetector.Guess] = []
        var whole: LanguageDetector.Guess?
        for text in texts {
            // A short text says little of its language; then all texts of the request say it.
            let isShort = text.unicodeScalars.count <= Self.shortText
            let known = isShort ? whole : nil
            guard
                let guess = known ?? detector.guess(isShort ? texts.joined(separator: "\n") : text, among: map.sources)
            else { throw Self.noModels }
            if isShort { whole = guess }
            guesses.append(guess)
        }
        return guesses
    }

    /// In characters.
    private static let shortText = 40

    package func detect(_ text: String) async throws(GatewayError) -> [LanguageDetector.Guess] {
        let languages = try await modelsAtHand().languages
        let guesses = detector.guesses(text, among: languages)
        return guesses.isEmpty ? [detector.guess(text, among: languages)].compactMap(\.self) : guesses
    }

    /// One rendering for each text, in their order.
    package func translate(_ request: Request) async throws(GatewayError) -> [Rendering] {
        let map = try await modelsAtHand()
        let target = try map.language(request.target)
        let sources = try sources(of: request, map)
        var renderings: [Rendering] = []
        var routes: [LanguageTag: [ModelMap.Leg]] = [:]
        var groups: [[ModelMap.Leg]: [Int]] = [:]
        for (index, source) in sources.enumerated() {
            let route: [ModelMap.Leg]
            if let known = routes[source.language] {
                route = known
            } else {
                route = try map.route(from: source.language, to: target)
                routes[source.language] = route
            }
            renderings.append(
                Rendering(text: request.texts[index], source: source, target: route.last?.pair.target ?? target))
            if !route.isEmpty { groups[route, default: []].append(index) }
        }
        if let long = groups.keys.first(where: { $0.count > 1 }), request.glossary != nil {
            throw GatewayError(
                .noModel,
                "no single model translates from \(long[0].pair.source) into \(target), as a glossary needs")
        }
        for (route, indices) in groups.sorted(by: { $0.value[0] < $1.value[0] }) {
            let texts = indices.map { request.texts[$0] }
            let found = try await translate(texts, through: route, request)
            for (index, found) in zip(indices, found) {
                renderings[index].text = found.hypotheses[0]
                renderings[index].alternatives = Array(found.hypotheses.dropFirst())
                renderings[index].job = found.job
                renderings[index].models = route.map(\.model)
            }
        }
        return renderings
    }

    // MARK: Documents

    /// Submits a text as a job that lives on by itself.
    func submitDocument(_ request: Request) async throws(GatewayError) -> JobID {
        let map = try await modelsAtHand()
        let target = try map.language(request.target)
        let source = try sources(of: request, map)[0].language
        let route = try map.route(from: source, to: target)
        guard !route.isEmpty else { throw GatewayError(.invalid, "the document is in \(target) already") }
        guard route.count == 1 else {
            throw GatewayError(
                .noModel, "no single model translates documents from \(source) into \(target); send texts")
        }
        var job = try job(request.texts, by: route[0], request)
        job.deadlineMilliseconds = nil
        if case .rejected(let rejection)? = try await desk.submit([job]).first?.outcome {
            throw GatewayError(rejection)
        }
        return job.id
    }

    func report(of job: JobID) async throws(GatewayError) -> JobReport { try await desk.report(of: job) }

    /// What the texts of a job have become; nil: one is as it was.
    func texts(of report: JobReport) async throws(GatewayError) -> [String?] {
        guard let record = try await desk.record(of: report) else {
            throw GatewayError(.notFound, "the document is kept no more")
        }
        try Self.check(record)
        return record.outputs.map { $0.hypotheses.first?.text }
    }

    /// What has become of a text.
    private struct Found {
        /// At least one.
        var hypotheses: [String]
        var job: JobID
    }

    private func translate(
        _ texts: [String], through route: [ModelMap.Leg], _ request: Request
    ) async throws(GatewayError) -> [Found] {
        var plain = request
        plain.alternatives = 0
        var best = texts
        for leg in route.dropLast() {
            best = try await translate(best, by: leg, plain).map { $0.hypotheses[0] }
        }
        return try await translate(best, by: route[route.count - 1], request)
    }

    private func translate(
        _ texts: [String], by leg: ModelMap.Leg, _ request: Request
    ) async throws(GatewayError) -> [Found] {
        let parts = request.isDocument ? [texts.indices] : parts(texts)
        var jobs: [Job] = []
        for part in parts { jobs.append(try job(Array(texts[part]), by: leg, request)) }
        var all: [Found] = []
        for (part, record) in zip(parts, try await desk.run(jobs)) {
            try Self.check(record)
            guard record.outputs.count == part.count else {
                throw GatewayError(.failed, "the result does not have as many outputs as the job has texts")
            }
            for (index, output) in zip(part, record.outputs) {
                // A text that is hopeless for the engine has none, and stays as it is.
                let found = output.hypotheses.map(\.text)
                let hypotheses = found.isEmpty ? [texts[index]] : Self.distinct(found)
                all.append(Found(hypotheses: hypotheses, job: record.job))
            }
        }
        return all
    }

    private func job(_ texts: [String], by leg: ModelMap.Leg, _ request: Request) throws(GatewayError) -> Job {
        var job = Job(texts.map(Source.text))
        job.model = leg.selection
        job.priority = settings.priority
        job.deadlineMilliseconds = UInt64(settings.deadline / .milliseconds(1))
        job.topic = request.topic
        job.trace = request.trace
        job.options.returnScores = false
        job.options.split = request.split
        job.glossaryName = request.glossary
        if let markup = request.markup {
            try markup.apply(to: &job.options, texts)
        } else if request.isHardWrapped {
            job.options.paragraphs = true
        }
        if request.alternatives > 0 {
            job.options.nBest = request.alternatives + 1
            job.options.beamSize = max(4, request.alternatives + 1)
        }
        return job
    }

    /// Runs of texts that are a job each.
    private func parts(_ texts: [String]) -> [Range<Int>] {
        var parts: [Range<Int>] = []
        var start = 0
        var bytes = 0
        for (index, text) in texts.enumerated() {
            bytes += text.utf8.count
            if index > start, bytes > settings.bytesPerJob || index - start == settings.textsPerJob {
                parts.append(start..<index)
                start = index
                bytes = text.utf8.count
            }
        }
        return parts + [start..<texts.count]
    }

    private static func check(_ record: Record) throws(GatewayError) {
        let reason = record.failure?.message ?? "without a reason"
        switch record.state {
        case .done: return
        case .expired: throw GatewayError(.timedOut, "the translation was not ready in time; try again later")
        case .cancelled: throw GatewayError(.failed, "the job was cancelled")
        default: throw GatewayError(.failed, "the text cannot be translated: \(reason)")
        }
    }

    private static func distinct(_ hypotheses: [String]) -> [String] {
        var seen: Set<String> = []
        return hypotheses.filter { seen.insert($0).inserted }
    }
}
