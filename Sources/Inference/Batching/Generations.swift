/// Values within a limit of bytes, of which those that were used least lately go first.
///
/// There are two generations: what comes and what is used is in the young one. When that has half of the room, it becomes the
/// old one, and the old one goes.
package struct Generations<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    fileprivate struct Entry: Sendable {
        var value: Value
        var bytes: Int
    }

    private let limit: Int
    private var young: [Key: Entry] = [:]
    private var old: [Key: Entry] = [:]
    private var youngBytes = 0
    private var oldBytes = 0
    private var forgotten: [Key: Entry] = [:]

    package init(limit: Int) { self.limit = limit }

    package var bytes: Int { youngBytes + oldBytes }

    package mutating func use(_ key: Key) -> Value? {
        if let entry = young[key] { return entry.value }
        guard let entry = old.removeValue(forKey: key) else { return nil }
        oldBytes -= entry.bytes
        put(entry, for: key)
        return entry.value
    }

    /// - Parameter bytes: What the value takes; one that takes more than half of the room is not kept.
    package mutating func insert(_ value: Value, for key: Key, bytes: Int) {
        if let entry = young.removeValue(forKey: key) { youngBytes -= entry.bytes }
        if let entry = old.removeValue(forKey: key) { oldBytes -= entry.bytes }
        if bytes <= limit / 2 { put(Entry(value: value, bytes: bytes), for: key) }
    }

    /// What has gone since the last time, to be freed where that is no trouble.
    package mutating func takeForgotten() -> Forgotten {
        defer { forgotten = [:] }
        return Forgotten(entries: forgotten)
    }

    /// Values that have gone.
    package struct Forgotten: Sendable {
        fileprivate let entries: [Key: Entry]
    }

    private mutating func put(_ entry: Entry, for key: Key) {
        if youngBytes + entry.bytes > limit / 2 {
            if forgotten.isEmpty { forgotten = old }
            (old, oldBytes) = (young, youngBytes)
            (young, youngBytes) = ([:], 0)
        }
        young[key] = entry
        youngBytes += entry.bytes
    }
}
