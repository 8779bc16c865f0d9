package import JobStore

/// The broker as a pure state machine: events in, directives out. No input, no output, no clock.
package struct Dispatcher: Sendable {
    /// - Parameters:
    ///   - awaitsLeaseCommit: Whether an ASSIGN waits until its lease is durable. A broker whose workers are in its own
    ///     process sets it after it was killed, so that a chunk that kills the process at once is known the next time.
    ///   - seed: Of the back-off's jitter.
    package init(
        settings: DispatchSettings, recovery: Recovery, version: String, awaitsLeaseCommit: Bool, seed: UInt64,
        at now: Moment
    ) {
    }

    package mutating func on(_ event: Event, at now: Moment) -> [Directive] { [] }

    /// When the next `.tick` is due, on the monotonic clock; nil: nothing waits for time.
    package var nextDeadline: UInt64? { nil }
}
