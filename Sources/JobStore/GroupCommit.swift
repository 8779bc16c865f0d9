import Dispatch
import Synchronization

/// The answer to "when is a job safe?": when its commit has been reported.
///
/// Making one transaction durable takes a sync of the disk, however little is in it. So commits that come while another is
/// under way wait, and then become one transaction: the busier the broker is, the larger the groups. A commit that nobody
/// waits for may say how long it can wait for others. Each is still all or nothing by itself, and they are reported in the
/// order in which they came.
package final class GroupCommit<ID: Sendable>: Sendable {
    /// Of a group.
    package typealias Report = @Sendable ([(id: ID, result: Result<[WriteOutcome], StoreError>)]) -> Void

    private let store: any JobStore
    private let settings: CommitSettings
    private let report: Report
    private let measured = Mutex(CommitMeasures())
    private let pending = Mutex(CommitQueue<ID>())
    /// Runs `drain`, at most once at a time.
    private let thread = DispatchQueue(label: "dragoman.group-commit")

    /// - Parameter report: Called for every group on the committing thread, which waits for it.
    package init(store: any JobStore, settings: CommitSettings = CommitSettings(), report: @escaping Report) {
        self.store = store
        self.settings = settings
        self.report = report
    }

    /// Of all groups so far.
    package var measures: CommitMeasures { measured.withLock(\.self) }

    /// Never waits. A commit that finds the queue full, or comes after `stop`, is reported as failed when its turn comes.
    ///
    /// - Parameter delay: How long it may wait for others, in milliseconds; it goes sooner when another goes.
    package func submit(_ id: ID, _ writes: [Write], delay milliseconds: Int = 0) {
        let due = DispatchTime.now() + .milliseconds(milliseconds)
        if let visit = pending.withLock({ $0.append(id, writes, due: due, settings) }) { plan(visit) }
    }

    /// Finishes and reports what is pending. Not to be called from `report`.
    package func stop() {
        pending.withLock { $0.stop(at: .now()) }
        thread.sync { drain(at: .now()) }
    }

    private func plan(_ visit: DispatchTime) {
        if visit <= .now() {
            thread.async { self.drain(at: visit) }
        } else {
            thread.asyncAfter(deadline: visit) { self.drain(at: visit) }
        }
    }

    /// - Parameter visit: What a timer was set to, by the queue's clock; the timer's own may be a little behind it.
    private func drain(at visit: DispatchTime) {
        while true {
            switch pending.withLock({ $0.take(at: max(visit, .now()), settings) }) {
            case .group(let group): commit(group)
            case .nothing(let visit):
                if let visit { plan(visit) }
                return
            }
        }
    }

    private func commit(_ group: [PendingCommit<ID>]) {
        let accepted = group.filter { $0.refusal == nil }
        var results = results(of: accepted)[...]
        report(group.map { ($0.id, $0.refusal.map(Result.failure) ?? results.removeFirst()) })
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
        case .failure(let error) where group.count == 1 || error.concernsAll:
            return group.map { _ in .failure(error) }
        case .failure:
            // One of them may be at fault, or too large for the space that is left: the others are not to suffer for it.
            return group.map { outcomes(of: $0.writes) }
        }
    }

    private func outcomes(of writes: [Write]) -> Result<[WriteOutcome], StoreError> {
        let began = DispatchTime.now().uptimeNanoseconds
        defer {
            let took = DispatchTime.now().uptimeNanoseconds - began
            measured.withLock { $0.record(writes: writes.count, nanoseconds: took) }
        }
        return Result { () throws(StoreError) in
            let outcomes = try store.commit(writes)
            precondition(outcomes.count == writes.count, "a store gives an outcome for each write")
            return outcomes
        }
    }
}
