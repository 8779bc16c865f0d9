import JobModel
import Measures

/// Counts since the broker's start.
struct Counters: Sendable {
    var accepted: UInt64 = 0
    /// By the number of the code.
    private(set) var rejections = Array(repeating: UInt64(0), count: codesEnd)
    var done: UInt64 = 0
    /// Dead.
    var failed: UInt64 = 0
    var expired: UInt64 = 0
    var cancelled: UInt64 = 0
    /// Leases that were taken back from workers that died, or did not name them.
    var leasesLost: UInt64 = 0
    var sourceTokens: UInt64 = 0
    var sentences: UInt64 = 0

    private static let codesEnd = 1 + Int(Rejection.Code.allCases.map(\.rawValue).max() ?? 0)

    var rejected: UInt64 { rejections.reduce(0, +) }
    func rejected(_ code: Rejection.Code) -> UInt64 { rejections[Int(code.rawValue)] }
    mutating func reject(_ code: Rejection.Code) { rejections[Int(code.rawValue)] += 1 }
}

/// How long jobs waited for a worker, and how long they took from their acceptance to their end, in microseconds.
struct Latencies: Sendable {
    var wait = RecentHistogram(.microseconds, period: period)
    var duration = RecentHistogram(.microseconds, period: period)

    /// What is told is of one to two periods: the last five to ten minutes.
    private static let period: UInt64 = 300_000_000_000
}

struct Statistics: Sendable {
    private(set) var all = Counters()
    private(set) var tenants: [Counters] = []
    /// Since the broker's start, of all tenants' jobs that began, and of those that were done.
    private(set) var waits = Histogram(.microseconds)
    private(set) var durations = Histogram(.microseconds)
    private var latencies = Latencies()
    private var latenciesOfTenants: [Int: Latencies] = [:]
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

    /// A job is with a worker for the first time.
    mutating func began(after nanoseconds: UInt64, tenant: Int, at now: UInt64) {
        let microseconds = nanoseconds / 1_000
        waits.record(microseconds)
        latencies.wait.record(microseconds, at: now)
        latenciesOfTenants[tenant, default: Latencies()].wait.record(microseconds, at: now)
    }

    mutating func done(after nanoseconds: UInt64, tenant: Int, at now: UInt64) {
        let microseconds = nanoseconds / 1_000
        durations.record(microseconds)
        latencies.duration.record(microseconds, at: now)
        latenciesOfTenants[tenant, default: Latencies()].duration.record(microseconds, at: now)
        count(tenant: tenant) { $0.done += 1 }
    }

    /// - Parameter tenant: nil: all tenants.
    func latencies(of tenant: Int?) -> Latencies {
        guard let tenant else { return latencies }
        return latenciesOfTenants[tenant] ?? Latencies()
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
