/// Now, by both clocks.
package struct Moment: Sendable, Hashable {
    /// Nanoseconds of a clock that never jumps: leases, heartbeats, back-off, and how long records are kept.
    package var monotonic: UInt64
    /// Unix time in milliseconds: deadlines, and the times that records and reports show.
    package var wall: UInt64

    package init(monotonic: UInt64, wall: UInt64) {
        self.monotonic = monotonic
        self.wall = wall
    }

    /// The monotonic time after some milliseconds; far beyond any end when the sum is too large.
    func after(milliseconds: some BinaryInteger) -> UInt64 { monotonic.adding(milliseconds: milliseconds) }

    /// Since an earlier monotonic time, which may be less than zero.
    func nanoseconds(since earlier: Int64) -> UInt64 {
        let (difference, overflow) = Int64(clamping: monotonic).subtractingReportingOverflow(earlier)
        return overflow ? .max : UInt64(max(0, difference))
    }

    /// The milliseconds since an earlier monotonic time.
    func milliseconds(since earlier: UInt64) -> UInt64 { monotonic > earlier ? (monotonic - earlier) / 1_000_000 : 0 }
}

extension UInt64 {
    /// Nanoseconds later, saturating: settings are people's to choose.
    func adding(milliseconds: some BinaryInteger) -> UInt64 {
        let (nanoseconds, overflow) = UInt64(clamping: milliseconds).multipliedReportingOverflow(by: 1_000_000)
        return overflow ? .max : saturatingAdd(nanoseconds)
    }

    func saturatingAdd(_ other: UInt64) -> UInt64 {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? .max : sum
    }
}
