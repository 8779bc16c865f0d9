package import JobModel
package import JobStore
import Synchronization

/// A store whose commits fail as a test says, and that can be torn away from its broker in the middle of one.
package final class FaultyStore: JobStore {
    package enum Crash: Sendable {
        /// What is being committed is lost.
        case beforeSync
        /// It is kept, but the broker never hears of it.
        case afterSync
    }

    private struct State {
        let keepsGroups: Bool
        var fault: @Sendable ([Write]) -> StoreError? = { _ in nil }
        var crash: Crash?
        var isDown = false
        var groups: [[Write]] = []
    }

    private let store: any JobStore
    private let state: Mutex<State>

    /// - Parameter keepsGroups: Whether `groups` is of interest; a long simulation has no room for it.
    package init(_ store: any JobStore = InMemoryJobStore(), keepsGroups: Bool = true) {
        self.store = store
        state = Mutex(State(keepsGroups: keepsGroups))
    }

    /// From now on, commits fail for which there is an error.
    package func failCommits(_ fault: @escaping @Sendable ([Write]) -> StoreError?) {
        state.withLock { $0.fault = fault }
    }

    /// The next commit throws, and nothing works until the next `recover`.
    package func crashAtNextCommit(_ crash: Crash) { state.withLock { $0.crash = crash } }

    /// The writes of each commit that was made.
    package var groups: [[Write]] { state.withLock { $0.groups } }

    package func recover() throws(StoreError) -> Recovery {
        state.withLock { state in
            state.isDown = false
            state.crash = nil
        }
        return try store.recover()
    }

    package func commit(_ writes: [Write]) throws(StoreError) -> [WriteOutcome] {
        try checkIsUp()
        let (error, crash) = state.withLock { ($0.fault(writes), $0.crash) }
        if let error { throw error }
        if crash != .beforeSync {
            let outcomes = try store.commit(writes)
            state.withLock { if $0.keepsGroups { $0.groups.append(writes) } }
            if crash == nil { return outcomes }
        }
        state.withLock { $0.isDown = true }
        throw Self.down
    }

    package func contents(of chunks: [(job: JobKey, chunk: UInt32)]) throws(StoreError) -> [ChunkContent?] {
        try checkIsUp()
        return try store.contents(of: chunks)
    }

    package func encodedRecords(
        of tenant: String, after sequence: UInt64, limit: Int, bytes: Int
    ) throws(StoreError) -> [EncodedRecord] {
        try checkIsUp()
        return try store.encodedRecords(of: tenant, after: sequence, limit: limit, bytes: bytes)
    }

    package func firstSequence(of tenant: String) throws(StoreError) -> UInt64? {
        try checkIsUp()
        return try store.firstSequence(of: tenant)
    }

    package func report(on job: JobKey) throws(StoreError) -> JobReport? {
        try checkIsUp()
        return try store.report(on: job)
    }

    package func deadLetters(
        of tenant: String, after sequence: UInt64, limit: Int
    ) throws(StoreError) -> [JobReport] {
        try checkIsUp()
        return try store.deadLetters(of: tenant, after: sequence, limit: limit)
    }

    package func deadLetters(
        fromTenant tenant: String, after sequence: UInt64, limit: Int
    ) throws(StoreError) -> [JobReport] {
        try checkIsUp()
        return try store.deadLetters(fromTenant: tenant, after: sequence, limit: limit)
    }

    package func jobs(_ selection: JobSelection) throws(StoreError) -> JobList {
        try checkIsUp()
        return try store.jobs(selection)
    }

    package func tenants(with ids: [JobID]) throws(StoreError) -> [[String]] {
        try checkIsUp()
        return try store.tenants(with: ids)
    }

    package func close() throws(StoreError) {
        try checkIsUp()
        try store.close()
    }

    private func checkIsUp() throws(StoreError) {
        if state.withLock({ $0.isDown }) { throw Self.down }
    }

    private static let down = StoreError(.failed, "the store has crashed, as the test asked; recover it")
}
