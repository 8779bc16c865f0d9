/// How long brokers have run on the store, by the monotonic clock: what records' retention goes by (I10).
struct StoreAge: Sendable {
    private(set) var milliseconds: UInt64
    private var countedAt: UInt64

    /// The most that is counted at once. Whoever was stopped, or suspended with its machine, had no consumers meanwhile.
    static let stepMaximum = 2 * Purge.period

    init(milliseconds: UInt64, at now: Moment) {
        self.milliseconds = milliseconds
        countedAt = now.monotonic
    }

    /// What `count` would come to.
    func milliseconds(at now: Moment) -> UInt64 {
        milliseconds.saturatingAdd(min(now.milliseconds(since: countedAt), Self.stepMaximum))
    }

    mutating func count(until now: Moment) {
        milliseconds = milliseconds(at: now)
        countedAt = now.monotonic
    }
}
