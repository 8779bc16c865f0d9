import JobModel

/// Counts since the broker's start.
struct Counters: Sendable {
    var accepted: UInt64 = 0
    var rejected: UInt64 = 0
    var done: UInt64 = 0
    var failed: UInt64 = 0
    var sourceTokens: UInt64 = 0
    var sentences: UInt64 = 0
}

struct Statistics: Sendable {
    private(set) var all = Counters()
    private(set) var tenants: [Counters] = []
    private(set) var models: [Model] = []
    var deadJobs = 0

    struct Model: Sendable {
        var done: UInt64 = 0
        var meter = Meter()
    }

    mutating func count(tenant: Int, _ change: (inout Counters) -> Void) {
        while tenants.count <= tenant { tenants.append(Counters()) }
        change(&all)
        change(&tenants[tenant])
    }

    func counters(of tenant: Int) -> Counters { tenants.indices.contains(tenant) ? tenants[tenant] : Counters() }

    /// A chunk is done.
    mutating func finished(_ finish: Finish, tenant: Int, at now: UInt64) {
        while models.count <= finish.model { models.append(Model()) }
        models[finish.model].done += 1
        models[finish.model].meter.count(tokens: finish.sourceTokens, sentences: finish.sentences, at: now)
        count(tenant: tenant) {
            $0.sourceTokens = $0.sourceTokens.saturatingAdd(finish.sourceTokens)
            $0.sentences = $0.sentences.saturatingAdd(finish.sentences)
        }
    }
}
