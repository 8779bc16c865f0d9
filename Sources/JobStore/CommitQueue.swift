import Dispatch

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

/// Commits that wait for those before them, or for others to join them.
struct CommitQueue<ID: Sendable>: Sendable {
    /// What whoever comes to take commits finds.
    enum Finding {
        case group([PendingCommit<ID>])
        /// Nothing for now; someone must come again then, if a time is given.
        case nothing(until: DispatchTime?)
    }

    private var commits: [PendingCommit<ID>] = []
    private var byteCount = 0
    private var isStopped = false
    /// When the first of them is to be written.
    private var due = DispatchTime.distantFuture
    /// When someone comes; in the past: someone is here.
    private var visit = DispatchTime.distantFuture

    /// - Returns: When someone must come; nil when someone does, in time.
    mutating func append(
        _ id: ID, _ writes: [Write], due: DispatchTime, _ settings: CommitSettings
    ) -> DispatchTime? {
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
        self.due = min(self.due, due)
        return nextVisit()
    }

    /// From now on everything is due, and nothing is taken.
    mutating func stop(at now: DispatchTime) {
        isStopped = true
        if !commits.isEmpty { due = now }
    }

    /// When one commit is due, the others go with it: what they waited for is there.
    mutating func take(at now: DispatchTime, _ settings: CommitSettings) -> Finding {
        guard due <= now else {
            // Whoever was to come for something that has been taken meanwhile may find that another comes later.
            guard visit <= now else { return .nothing(until: nil) }
            visit = .distantFuture
            return .nothing(until: nextVisit())
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
        due = commits.isEmpty ? .distantFuture : now
        return .group(group)
    }

    private mutating func nextVisit() -> DispatchTime? {
        guard due < visit else { return nil }
        visit = due
        return due
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
