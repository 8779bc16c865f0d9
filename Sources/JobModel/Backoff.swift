/// Waits that double, up to a bound, each by chance a quarter longer or shorter, so that many who lost the same thing at
/// the same moment do not come back at the same moment.
package struct Backoff: Sendable, Hashable {
    package var base: Duration
    package var maximum: Duration
    private var random: SplitMix64

    package init(base: Duration, maximum: Duration, seed: UInt64) {
        self.base = base
        self.maximum = maximum
        random = SplitMix64(seed: seed)
    }

    /// - Parameter attempt: 1 for the first.
    package mutating func wait(after attempt: Int) -> Duration {
        let doublings = min(max(attempt, 1) - 1, 40)
        // Divided, not multiplied: of the largest there is no double.
        let wait = base > maximum / (1 << doublings) ? maximum : base * (1 << doublings)
        return wait * 3 / 4 + wait / 1024 * Int(random.next() & 511)
    }

    /// Up to a quarter longer, never shorter: what someone asked to be waited at least.
    package mutating func atLeast(_ duration: Duration) -> Duration {
        duration + duration / 1024 * Int(random.next() & 255)
    }
}
