import Foundation
package import JobModel
import Languages

/// A job as a line of JSON: `{"texts": ["Hello.", "Good morning."], "priority": 2, "beam_size": 4}`.
package struct JSONJob: Decodable {
    private var job: Job
    private var options: SearchOptions
    private let model: String?
    private let languages: LanguageSelection
    package let hasID: Bool
    private let hasPriority: Bool
    private let hasTopic: Bool

    package init(_ line: String) throws(RequestError) {
        self = try RequestError.decoding(line)
    }

    package init(from decoder: any Decoder) throws {
        let all = try decoder.container(keyedBy: JSONKey.self)
        if let unknown = all.allKeys.map(\.stringValue).filter({ !Self.keys.contains($0) }).min() {
            throw RequestError(.invalidRequest, "unknown key \"\(unknown)\"")
        }
        let values = try decoder.container(keyedBy: Key.self)
        job = Job(try Self.sources(values))
        options = try SearchOptions(all)
        job.glossary = try Glossary.decoded(values, forKey: .glossary)
        job.glossaryName = try values.decodeIfPresent(String.self, forKey: .glossaryName)
        if job.glossary != nil, job.glossaryName != nil {
            throw RequestError(.invalidRequest, "\"glossary\" and \"glossary_name\" exclude each other")
        }
        hasID = values.contains(.jobID)
        if let text = try values.decodeIfPresent(String.self, forKey: .jobID) {
            guard let id = JobID(text) else {
                throw RequestError(.invalidRequest, "\"job_id\" must be 32 hexadecimal digits, or a UUID")
            }
            job.id = id
        }
        model = try values.decodeIfPresent(String.self, forKey: .model)
        languages = LanguageSelection(
            source: try values.decodeIfPresent(String.self, forKey: .sourceLanguage),
            target: try values.decodeIfPresent(String.self, forKey: .targetLanguage))
        hasPriority = values.contains(.priority)
        job.priority = try values.decodeIfPresent(Int.self, forKey: .priority) ?? 0
        guard Job.priorities.contains(job.priority) else {
            throw RequestError(.invalidRequest, "\"priority\" must be 0 to 3, not \(job.priority)")
        }
        let deadline = try values.decodeIfPresent(Int.self, forKey: .deadline)
        if let deadline, deadline < 1 {
            throw RequestError(.invalidRequest, "\"deadline_ms\" must be 1 or more, not \(deadline)")
        }
        job.deadlineMilliseconds = deadline.map { UInt64($0) }
        job.maximumAttempts = try values.decodeIfPresent(Int.self, forKey: .maximumAttempts)
        if let attempts = job.maximumAttempts, !Job.attempts.contains(attempts) {
            throw RequestError(
                .invalidRequest, "\"max_attempts\" must be 1 to \(Job.attempts.upperBound), not \(attempts)")
        }
        hasTopic = values.contains(.topic)
        job.topic = try values.decodeIfPresent(String.self, forKey: .topic) ?? ""
        job.trace = try values.decodeIfPresent(String.self, forKey: .trace) ?? ""
        job.wantsPartialResults = try values.decodeIfPresent(Bool.self, forKey: .partialResults) ?? false
    }

    /// The job, with what it does not say itself from the template.
    package func job(template: Job) throws(RequestError) -> Job {
        var job = job
        job.options = options.over(template.options)
        if let problem = job.options.problem(named: \.key) { throw RequestError(.invalidOption, problem) }
        job.model = try selection(template.model)
        if job.glossary == nil, job.glossaryName == nil {
            (job.glossary, job.glossaryName) = (template.glossary, template.glossaryName)
        }
        job.glossary = job.glossary?.part(for: job.sources, job.options)
        if !hasPriority { job.priority = template.priority }
        if !hasTopic { job.topic = template.topic }
        job.deadlineMilliseconds = job.deadlineMilliseconds ?? template.deadlineMilliseconds
        job.maximumAttempts = job.maximumAttempts ?? template.maximumAttempts
        job.wantsTokens = template.wantsTokens
        return job
    }

    private static func sources(_ values: KeyedDecodingContainer<Key>) throws -> [Source] {
        let text = try values.decodeIfPresent(String.self, forKey: .text).map { [Source.text($0)] }
        let tokens = try values.decodeIfPresent([String].self, forKey: .tokens).map { [Source.tokens($0)] }
        let texts = try values.decodeIfPresent([String].self, forKey: .texts).map { $0.map(Source.text) }
        let given = [text, tokens, texts].compactMap(\.self)
        guard let sources = given.first, given.count == 1, !sources.isEmpty else {
            throw RequestError(
                .invalidRequest, "one of \"text\", \"tokens\" and \"texts\" must be there, and not be an empty list")
        }
        return sources
    }

    /// What the line names, over what the command line does.
    private func selection(_ template: ModelSelection) throws(RequestError) -> ModelSelection {
        // Languages that the command line names are not meant for a model that the line names.
        let standard = model == nil ? template.languages : LanguageSelection()
        let name = model ?? template.name
        let languages = LanguageSelection(
            source: languages.source ?? standard.source, target: languages.target ?? standard.target)
        guard let selection = ModelSelection(model: name, languages: languages) else {
            throw RequestError(
                .invalidRequest,
                "\"source_language\" and \"target_language\" need each other, or \"model\"")
        }
        // A model may have codes of its own.
        guard name == nil else { return selection }
        for (key, code) in [(Key.sourceLanguage, languages.source), (.targetLanguage, languages.target)] {
            if let code, LanguageTag(LanguageTag.bare(code)) == nil {
                throw RequestError(.invalidRequest, "\"\(key.rawValue)\" must be \(LanguageTag.form), not \"\(code)\"")
            }
        }
        return selection
    }

    /// The keys that a job has beside its options.
    package enum Key: String, CodingKey, CaseIterable {
        case text, tokens, texts
        case jobID = "job_id"
        case model
        case sourceLanguage = "source_language"
        case targetLanguage = "target_language"
        case priority
        case deadline = "deadline_ms"
        case maximumAttempts = "max_attempts"
        case topic
        case trace
        case partialResults = "partial_results"
        case glossary
        case glossaryName = "glossary_name"
    }

    /// All keys that a job may have.
    private static let keys = Set(Key.allCases.map(\.rawValue) + SearchOption.table.map(\.name.key))
}
