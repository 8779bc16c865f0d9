/// When to tell systemd that the service is alive: a value that the working loop carries, without a clock of its own.
///
/// The loop calls `onProgress(at:)` after each turn that did its work, and feeds the watchdog when that says so. A loop
/// that hangs makes no calls; a timer beside it would go on, and hide that. A loop that has nothing to do must wake
/// by `feedBy`.
///
/// Times are readings of any one monotonic clock, as durations since any one moment.
package struct Watchdog: Sendable, Equatable {
    /// Half of the time after which systemd ends a silent service, as sd_watchdog_enabled(3) recommends.
    package let interval: Duration

    /// When the next feeding is due.
    package private(set) var feedBy: Duration

    /// - Parameter now: The service begins fed: the time counts from READY=1.
    package init(interval: Duration, now: Duration) {
        precondition(interval > .zero)
        self.interval = interval
        feedBy = now + interval
    }

    /// The watchdog that systemd asks for.
    ///
    /// - Parameters:
    ///   - environment: The process's; systemd sets `WATCHDOG_USEC` and `WATCHDOG_PID`.
    ///   - processIdentifier: Ours. A child inherits the environment, but it is not the one that is watched.
    /// - Returns: nil when nobody watches this process.
    /// - Throws: When a variable is not a number: silence would end in a kill.
    package init?(environment: [String: String], processIdentifier: Int32, now: Duration) throws(SystemdError) {
        if let watched = environment["WATCHDOG_PID"] {
            guard let identifier = Int32(watched), identifier > 0 else {
                throw .environment(variable: "WATCHDOG_PID", value: watched, expected: "a process's number")
            }
            guard identifier == processIdentifier else { return nil }
        }
        guard let timeout = environment["WATCHDOG_USEC"] else { return nil }
        // Half of one microsecond is none.
        guard let microseconds = Int64(timeout), microseconds > 1 else {
            throw .environment(variable: "WATCHDOG_USEC", value: timeout, expected: "a number of microseconds")
        }
        self.init(interval: .microseconds(microseconds) / 2, now: now)
    }

    /// The working loop has done a turn.
    ///
    /// - Returns: Whether to send `WATCHDOG=1` now.
    package mutating func onProgress(at now: Duration) -> Bool {
        guard now >= feedBy else { return false }
        // From now, not from when it was due: after a pause, one feeding is enough.
        feedBy = now + interval
        return true
    }
}
