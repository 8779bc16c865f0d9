import Dispatch
import Synchronization

/// The answer to "when is a job safe?": when its commit has been reported.
///
/// Making one transaction durable takes a sync of the disk, however little is in it. So commits that come while another is
/// under way wait, and then become one transaction: the busier the broker is, the larger the groups, with no delay when it
/// is idle. Each commit is still all or nothing by itself, and they are reported in the order in which they came.
package final class GroupCommit<ID: Sendable>: Sendable {
    package typealias Report = @Sendable (ID, Result<[WriteOutcome], StoreError>) -> Void

    private let store: any JobStore
    private let settings: CommitSettings
    private let report: Report
    private let pending = Mutex(CommitQueue<ID>())
    /// Runs `drain`, at most once at a time.
    private let thread = DispatchQueue(label: "dragoman.group-commit")

    /// - Parameter report: Called for every commit on the committing thread, which waits for it.
    package init(store: any JobStore, settings: CommitSettings = CommitSettings(), report: @escaping Report) {
        self.store = store
        self.settings = settings
        self.report = report
    }

    /// Never waits. A commit that finds the queue full, or comes after `stop`, is reported as failed when its turn comes.
    package func submit(_ id: ID, _ writes: [Write]) {
        let isIdle = pending.withLock { $0.append(id, writes, settings) }
        if isIdle { thread.async { self.drain() } }
    }

    /// Finishes and reports what is pending. Not to be called from `report`.
    package func stop() {
        pending.withLock { $0.isStopped = true }
        thread.sync {}
    }

    private func drain() {
        while let group = pending.withLock({ $0.takeGroup(settings) }) { commit(group) }
    }

    private func commit(_ group: [PendingCommit<ID>]) {
        let accepted = group.filter { $0.refusal == nil }
        var results = results(of: accepted)[...]
        for commit in group { report(commit.id, commit.refusal.map(Result.failure) ?? results.removeFirst()) }
    }

    private func results(of group: [PendingCommit<ID>]) -> [Result<[WriteOutcome], StoreError>] {
        guard !group.isEmpty else { return [] }
        switch outcomes(of: group.flatMap(\.writes)) {
        case .success(let outcomes):
            var rest = outcomes[...]
            return group.map { commit in
                defer { rest.removeFirst(commit.writes.count) }
                return .success(Array(rest.prefix(commit.writes.count)))
            }
        case .failure(let error) where group.count == 1 || error.concernsEveryCommit:
            return group.map { _ in .failure(error) }
        case .failure:
            // One of them may be at fault, or too large for the space that is left: the others are not to suffer for it.
            return group.map { outcomes(of: $0.writes) }
        }
    }

    private func outcomes(of writes: [Write]) -> Result<[WriteOutcome], StoreError> {
        Result { () throws(StoreError) in
            let outcomes = try store.commit(writes)
            precondition(outcomes.count == writes.count, "a store gives an outcome for each write")
            return outcomes
        }
    }
}

extension StoreError {
    fileprivate var concernsEveryCommit: Bool { [.readOnly, .busy, .notDurable].contains(code) }
}
