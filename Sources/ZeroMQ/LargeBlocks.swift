internal import CZeroMQ

/// Memory that messages were in, given back to the system.
package enum LargeBlocks {
    /// From here on a block of 64 KiB or more is the system's own, and goes back to it when it is freed. Left to itself,
    /// glibc raises that threshold to 32 MiB when the first large block is freed, and keeps what was once needed.
    ///
    /// mallopt(3): setting M_MMAP_THRESHOLD disables the dynamic adjustment.
    package static func areGivenBack() { _ = mallopt(M_MMAP_THRESHOLD, 64 << 10) }

    /// Gives back what small blocks have left.
    package static func trim() { _ = malloc_trim(0) }
}
