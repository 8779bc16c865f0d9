/// When it is time to say again that a broker cannot be reached: at once when the reason is a new one, otherwise after
/// waits that double.
package struct Complaints<Reason: Equatable & Sendable>: Sendable {
    private var last: Reason?
    private var due: UInt64 = 0
    private var wait: UInt64 = firstWait

    private static var firstWait: UInt64 { 5_000_000_000 }
    private static var longestWait: UInt64 { 600_000_000_000 }

    package init() {}

    /// - Parameter now: Monotonic nanoseconds.
    /// - Returns: Whether it is to be said now, and until when it then is not again, in nanoseconds.
    package mutating func quiet(after reason: Reason, at now: UInt64) -> UInt64? {
        if reason != last { wait = Self.firstWait } else if now < due { return nil }
        last = reason
        due = now + wait
        defer { wait = min(2 * wait, Self.longestWait) }
        return wait
    }

    /// All is well.
    package mutating func reset() { self = Complaints() }
}
