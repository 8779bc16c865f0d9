/// How much a cache has done.
package struct CacheCounts: Sendable, Hashable {
    /// Segments whose output was remembered.
    package var hits: UInt64 = 0
    /// Segments that waited for the same one, which was being decoded.
    package var joined: UInt64 = 0
    /// Segments that were decoded.
    package var misses: UInt64 = 0
    /// What the outputs take, by an estimate.
    package var bytes: UInt64 = 0

    package init() {}

    /// The counts of a cache that has gone.
    package var withoutBytes: CacheCounts {
        var counts = self
        counts.bytes = 0
        return counts
    }

    package mutating func add(_ other: CacheCounts) {
        hits += other.hits
        joined += other.joined
        misses += other.misses
        bytes += other.bytes
    }
}
