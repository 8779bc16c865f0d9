import Glibc
import JobModel
import JobStore
import Synchronization
import TestKit

/// A store whose process ends with SIGKILL at a named point.
final class CrashingStore: JobStore {
    private let store: any JobStore
    private let point: CrashPoint
    private let commits = Mutex(0)

    init(_ store: any JobStore, crashingAt point: CrashPoint) {
        self.store = store
        self.point = point
    }

    func recover() throws(StoreError) -> Recovery { try store.recover() }

    func commit(_ writes: [Write]) throws(StoreError) -> [WriteOutcome] {
        let isDue = commits.withLock { commits in
            if point.concerns(writes) { commits += 1 }
            return point.concerns(writes) && commits == point.count
        }
        if isDue && point.moment == .before { die() }
        let outcomes = try store.commit(writes)
        if isDue { die() }
        return outcomes
    }

    func contents(of chunks: [(job: JobKey, chunk: UInt32)]) throws(StoreError) -> [ChunkContent?] {
        try store.contents(of: chunks)
    }

    func encodedRecords(
        of tenant: String, after sequence: UInt64, limit: Int, bytes: Int
    ) throws(StoreError) -> [EncodedRecord] {
        try store.encodedRecords(of: tenant, after: sequence, limit: limit, bytes: bytes)
    }

    func firstSequence(of tenant: String) throws(StoreError) -> UInt64? { try store.firstSequence(of: tenant) }

    func report(on job: JobKey) throws(StoreError) -> JobReport? { try store.report(on: job) }

    func deadLetters(
        of tenant: String, after sequence: UInt64, limit: Int
    ) throws(StoreError) -> [JobReport] {
        try store.deadLetters(of: tenant, after: sequence, limit: limit)
    }

    func deadLetters(
        fromTenant tenant: String, after sequence: UInt64, limit: Int
    ) throws(StoreError) -> [JobReport] {
        try store.deadLetters(fromTenant: tenant, after: sequence, limit: limit)
    }

    func jobs(_ selection: JobSelection) throws(StoreError) -> JobList { try store.jobs(selection) }

    func tenants(with ids: [JobID]) throws(StoreError) -> [[String]] { try store.tenants(with: ids) }

    func close() throws(StoreError) { try store.close() }

    private func die() -> Never {
        // For whoever wants to know that it was here.
        print("crashes at \(point)")
        fflush(nil)
        kill(getpid(), SIGKILL)
        while true { pause() }
    }
}
