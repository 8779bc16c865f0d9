package import Measures

/// How the groups of commits were that have become durable, or failed to.
package struct CommitMeasures: Sendable {
    /// How long a group took, in microseconds.
    package var durations = Histogram(.microseconds)
    /// How many writes a group had.
    package var writes = Histogram(.powersOfTwo)

    package init() {}

    mutating func record(writes count: Int, nanoseconds: UInt64) {
        durations.record(nanoseconds / 1_000)
        writes.record(UInt64(count))
    }
}
