internal import Glibc

/// This machine's clocks.
package enum SystemClock {
    /// Nanoseconds of a clock that never jumps. systemd and Dispatch mean the same one.
    package static var monotonic: UInt64 { nanoseconds(CLOCK_MONOTONIC) }
    /// Unix time in milliseconds, which jumps when someone sets it.
    package static var wall: UInt64 { wallNanoseconds / 1_000_000 }
    package static var wallNanoseconds: UInt64 { nanoseconds(CLOCK_REALTIME) }

    private static func nanoseconds(_ clock: clockid_t) -> UInt64 {
        var time = timespec()
        // clock_gettime(2): fails for clocks that do not exist; these two do.
        clock_gettime(clock, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }
}
