import Dispatching

/// The cluster's time: it passes only as far as the next happening.
struct VirtualClock {
    /// Nanoseconds.
    private(set) var monotonic: UInt64 = 1_000_000_000
    /// How far the wall clock has jumped, in milliseconds.
    var wallOffset: Int64 = 0

    private static let wallAtStart: Int64 = 1_700_000_000_000

    var wall: UInt64 { UInt64(Self.wallAtStart + Int64(monotonic / 1_000_000) + wallOffset) }
    var moment: Moment { Moment(monotonic: monotonic, wall: wall) }
    /// As the client's machines count it.
    var duration: Duration { .nanoseconds(Int64(monotonic)) }

    mutating func advance(to time: UInt64) { monotonic = max(monotonic, time) }
}

/// Spans of virtual time, in nanoseconds.
enum Span {
    static let microsecond: UInt64 = 1000
    static let millisecond: UInt64 = 1_000_000
    static let second: UInt64 = 1_000_000_000
    static let minute: UInt64 = 60 * second
}
