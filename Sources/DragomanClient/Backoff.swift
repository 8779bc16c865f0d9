/// Waits that double, up to a bound, each by chance a quarter longer or shorter, so that many clients which lost the
/// same broker do not come back at the same moment.
package struct Backoff: Sendable, Hashable {
    package var base: Duration
    package var maximum: Duration
    private var state: UInt64

    package init(base: Duration, maximum: Duration, seed: UInt64) {
        self.base = base
        self.maximum = maximum
        state = seed
    }

    /// - Parameter attempt: 1 for the first.
    package mutating func wait(after attempt: Int) -> Duration {
        jittered(min(maximum, base * (1 << min(max(attempt, 1) - 1, 20))))
    }

    /// Up to a quarter longer, never shorter: what someone asked to be waited at least.
    package mutating func atLeast(_ duration: Duration) -> Duration {
        duration + duration / 1024 * Int(next() & 255)
    }

    private mutating func jittered(_ duration: Duration) -> Duration {
        duration * 3 / 4 + duration / 1024 * Int(next() & 511)
    }

    /// SplitMix64 (Steele, Lea and Flood 2014).
    private mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var bits = state
        bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
        bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
        return bits ^ (bits >> 31)
    }
}
