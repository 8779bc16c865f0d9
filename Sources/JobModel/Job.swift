/// What a producer submits.
public struct Job: Sendable, Hashable {
    public var id: JobID
    /// What tells this job from another that has its id by mistake, up to 32 bytes; when empty, the broker computes it.
    public var digest: [UInt8] = []
    public var model = ModelSelection.onlyOne
    public var sources: [Source]
    public var options = SearchOptions()
    /// How terms of the texts are translated.
    public var glossary: Glossary?
    /// The name of a glossary that the broker keeps, instead of `glossary`; the job has what that has when it is accepted.
    public var glossaryName: String?
    /// 0 (bulk) to 3 (a person waits).
    public var priority = 0
    /// How long the result is of use, in milliseconds from the acceptance; nil: for ever.
    public var deadlineMilliseconds: UInt64?
    /// How often a part of the job may be begun before the job is dead; nil: the broker's default.
    public var maximumAttempts: Int?
    /// A word for observers to subscribe to.
    public var topic = ""
    /// W3C Trace Context `traceparent`, repeated in the records.
    public var trace = ""
    /// Whether each chunk's record is delivered as soon as it is there, before the whole.
    public var wantsPartialResults = false
    /// Whether outputs carry their tokens and the tokens' log-probabilities.
    public var wantsTokens = false

    public init(id: JobID = .random(), _ sources: [Source]) {
        self.id = id
        self.sources = sources
    }

    public static let priorities = 0...3
    /// What `maximumAttempts` may be.
    public static let attempts = 1...100

    /// The size that quotas count, in bytes.
    public var byteCount: Int { sources.reduce(glossary?.byteCount ?? 0) { $0 + $1.byteCount } }
}
