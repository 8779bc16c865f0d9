/// Bounds of what is written together, and of what waits to be.
package struct CommitSettings: Sendable {
    /// The most writes and bytes that one transaction has; a single commit is not divided.
    package var groupWrites = 1024
    package var groupBytes = 8 << 20
    /// The most bytes that wait; a single commit is taken whatever its size.
    package var queuedBytes = 128 << 20

    package init() {}
}

struct PendingCommit<ID: Sendable>: Sendable {
    var id: ID
    var writes: [Write]
    var byteCount: Int
    /// Why it was not taken.
    var refusal: StoreError?
}

/// Commits that wait for those before them.
struct CommitQueue<ID: Sendable>: Sendable {
    var isStopped = false
    private var commits: [PendingCommit<ID>] = []
    private var byteCount = 0
    /// Whether someone will come and take them.
    private var isServed = false

    /// - Returns: Whether someone must be told to come and take groups.
    mutating func append(_ id: ID, _ writes: [Write], _ settings: CommitSettings) -> Bool {
        var commit = PendingCommit(id: id, writes: writes, byteCount: writes.reduce(0) { $0 + $1.byteCount })
        if isStopped {
            commit.refuse(StoreError(.failed, "the broker has stopped, and writes no more"))
        } else if byteCount > 0 && byteCount + commit.byteCount > settings.queuedBytes {
            commit.refuse(
                StoreError(
                    .overloaded,
                    "\(byteCount) bytes wait to be written, and \(settings.queuedBytes) is the most; the disk is too slow "
                        + "for what is submitted: send less, or again later"))
        }
        byteCount += commit.byteCount
        commits.append(commit)
        defer { isServed = true }
        return !isServed
    }

    /// - Returns: nil when there is nothing; then the next `append` asks to be served again.
    mutating func takeGroup(_ settings: CommitSettings) -> [PendingCommit<ID>]? {
        guard !commits.isEmpty else {
            isServed = false
            return nil
        }
        var writes = 0
        var bytes = 0
        let count = commits.prefix { commit in
            writes += commit.writes.count
            bytes += commit.byteCount
            return writes <= settings.groupWrites && bytes <= settings.groupBytes
        }.count
        let group = Array(commits.prefix(max(count, 1)))
        commits.removeFirst(group.count)
        byteCount -= group.reduce(0) { $0 + $1.byteCount }
        return group
    }
}

extension PendingCommit {
    /// It keeps its place in the order, but not its content.
    fileprivate mutating func refuse(_ error: StoreError) {
        refusal = error
        writes = []
        byteCount = 0
    }
}
