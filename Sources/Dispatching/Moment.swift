/// Now, by both clocks.
package struct Moment: Sendable, Hashable {
    /// Nanoseconds of a clock that never jumps: leases, heartbeats and back-off.
    package var monotonic: UInt64
    /// Unix time in milliseconds: deadlines and records.
    package var wall: UInt64

    package init(monotonic: UInt64, wall: UInt64) {
        self.monotonic = monotonic
        self.wall = wall
    }
}
