/// Holds a tenant to so many jobs or texts a second: a token bucket that holds those of one second, kept as the generic
/// cell rate algorithm does (ITU-T I.371), by the time at which all that was admitted is paid for.
///
/// A job is admitted while the bucket is not empty, even if it has more texts than are left: it is paid for afterwards,
/// so that no job is too large to be admitted, and the rate still holds over time.
struct RateLimit: Sendable {
    /// Monotonic nanoseconds.
    private var paidAt: UInt64 = 0
    /// What was refused at this moment, as the jobs of one message are: they cannot all come back at once.
    private var refused = (at: UInt64(0), nanoseconds: UInt64(0))

    private static let second: UInt64 = 1_000_000_000

    /// - Parameter count: How many jobs or texts there are to come.
    /// - Returns: How long to wait, in milliseconds; nil: they may be admitted.
    mutating func wait(for count: Int, perSecond rate: Int, at now: UInt64) -> UInt32? {
        guard paidAt >= now.saturatingAdd(Self.second) else { return nil }
        if refused.at != now { refused = (now, 0) }
        // The bucket has something again a second before all is paid for, and is full when it is.
        let wait = min(paidAt - now - Self.second + refused.nanoseconds, paidAt - now)
        refused.nanoseconds = refused.nanoseconds.saturatingAdd(Self.cost(of: count, perSecond: rate))
        return UInt32(clamping: wait / 1_000_000 + 1)
    }

    mutating func admit(_ count: Int, perSecond rate: Int, at now: UInt64) {
        paidAt = max(paidAt, now).saturatingAdd(Self.cost(of: count, perSecond: rate))
    }

    private static func cost(of count: Int, perSecond rate: Int) -> UInt64 {
        let (product, overflow) = UInt64(clamping: count).multipliedReportingOverflow(by: second)
        return (overflow ? .max : product) / UInt64(clamping: max(rate, 1))
    }
}

/// The rates that one tenant is held to.
struct TenantRates: Sendable {
    private var jobs = RateLimit()
    private var texts = RateLimit()

    /// Counts a new job if it may be admitted now.
    /// - Returns: How long its producer is to wait, in milliseconds; nil: it was counted.
    mutating func admit(texts count: Int, _ limits: TenantLimits, at now: UInt64) -> UInt32? {
        let waits = [
            limits.jobsPerSecond.flatMap { jobs.wait(for: 1, perSecond: $0, at: now) },
            limits.textsPerSecond.flatMap { texts.wait(for: count, perSecond: $0, at: now) },
        ]
        if let wait = waits.compactMap(\.self).max() { return wait }
        if let rate = limits.jobsPerSecond { jobs.admit(1, perSecond: rate, at: now) }
        if let rate = limits.textsPerSecond { texts.admit(count, perSecond: rate, at: now) }
        return nil
    }
}
