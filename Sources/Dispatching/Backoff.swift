/// How long a chunk waits after its n-th failure: `base` doubled each time up to `maximum`, ±25 % so that chunks that
/// failed together do not come back together.
package struct Backoff: Sendable {
    package var base: UInt64
    package var maximum: UInt64

    package init(base: UInt64, maximum: UInt64) {
        self.base = base
        self.maximum = maximum
    }

    /// - Parameter failures: 1 after the first.
    /// - Returns: milliseconds.
    package func delay(afterFailures failures: UInt32, using random: inout some RandomNumberGenerator) -> UInt64 {
        let doublings = min(failures > 0 ? failures - 1 : 0, 40)
        let (product, overflow) = base.multipliedReportingOverflow(by: 1 << UInt64(doublings))
        let delay = overflow ? maximum : min(product, maximum)
        let quarter = delay / 4
        return (delay - quarter).saturatingAdd(UInt64.random(in: 0...2 * quarter, using: &random))
    }
}
