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
    private var models: [Scope: Model] = [:]
    private var deadOfTenants: [Int] = []

    struct Model: Sendable {
        var done: UInt64 = 0
        var meter = Meter()
    }

    /// A model, and whose work with it; nil: all tenants'.
    private struct Scope: Hashable, Sendable {
        var model: Int
        var tenant: Int?
    }

    mutating func count(tenant: Int, _ change: (inout Counters) -> Void) {
        while tenants.count <= tenant { tenants.append(Counters()) }
        change(&all)
        change(&tenants[tenant])
    }

    func counters(of tenant: Int) -> Counters { tenants.indices.contains(tenant) ? tenants[tenant] : Counters() }

    /// - Parameter tenant: nil: all tenants.
    func work(withModel model: Int, tenant: Int?) -> Model { models[Scope(model: model, tenant: tenant)] ?? Model() }

    /// Another model is about to get the index.
    mutating func forget(model: Int) {
        for scope in models.keys where scope.model == model { models[scope] = nil }
    }

    /// Jobs on the list of the dead.
    ///
    /// - Parameter tenant: nil: all tenants.
    func deadJobs(of tenant: Int?) -> Int {
        guard let tenant else { return deadOfTenants.reduce(0, +) }
        return deadOfTenants[count: tenant]
    }

    mutating func countDead(_ step: Int, tenant: Int) {
        while deadOfTenants.count <= tenant { deadOfTenants.append(0) }
        deadOfTenants[tenant] += step
    }

    /// A chunk is done.
    mutating func finished(_ finish: Finish, tenant: Int, at now: UInt64) {
        for scope in [Scope(model: finish.model), Scope(model: finish.model, tenant: tenant)] {
            models[scope, default: Model()].done += 1
            models[scope, default: Model()].meter.count(
                tokens: finish.sourceTokens, sentences: finish.sentences, at: now)
        }
        count(tenant: tenant) {
            $0.sourceTokens = $0.sourceTokens.saturatingAdd(finish.sourceTokens)
            $0.sentences = $0.sentences.saturatingAdd(finish.sentences)
        }
    }
}
