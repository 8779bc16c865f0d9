import Foundation
import JobModel
import JobStore
import PostgresJobStore
import SQLiteJobStore
import TestKit
import Testing

/// The stores that the conformance suite is run for.
enum StoreKind: CaseIterable, CustomTestStringConvertible {
    case memory, sqlite, postgres

    /// PostgreSQL is not on every machine.
    static var allCases: [StoreKind] { PostgresServer.isThere ? [.memory, .sqlite, .postgres] : [.memory, .sqlite] }

    var testDescription: String {
        switch self {
        case .memory: "in memory"
        case .sqlite: "SQLite"
        case .postgres: "PostgreSQL"
        }
    }
}

/// A store that can be closed, or torn away from its broker, and opened again.
final class StoreUnderTest {
    private(set) var store: any JobStore
    private(set) var recovery: Recovery
    private let kind: StoreKind
    private var folder: TemporaryFolder
    private let database: PostgresDatabase?

    init(_ kind: StoreKind) throws {
        self.kind = kind
        folder = try TemporaryFolder()
        database = kind == .postgres ? try PostgresDatabase() : nil
        store =
            switch kind {
            case .memory: InMemoryJobStore()
            case .sqlite: try SQLiteJobStore(in: folder.url.path)
            case .postgres: try database!.store()
            }
        recovery = try store.recover()
    }

    func restart() throws {
        try store.close()
        switch kind {
        case .memory: break
        case .sqlite: store = try SQLiteJobStore(in: folder.url.path)
        case .postgres: store = try database!.store()
        }
        recovery = try store.recover()
    }

    /// What a broker finds that was killed at this moment: SQLite's files as they are, or a tenure that has run out.
    func crash() throws {
        switch kind {
        case .memory: break
        case .sqlite:
            let copy = try TemporaryFolder()
            for name in ["jobs.sqlite", "jobs.sqlite-wal"] {
                try FileManager.default.copyItem(at: folder.file(name), to: copy.file(name))
            }
            store = try SQLiteJobStore(in: copy.url.path)
            folder = copy
        case .postgres:
            (store as! PostgresJobStore).abandon()
            try database!.expireTenure()
            store = try database!.store()
        }
        recovery = try store.recover()
    }

    /// The database that release 0.1.0 left.
    static func olderRelease() throws -> [UInt8] { try fixture("release-0.1.0") }

    /// See `Fixtures/README.md`.
    static func fixture(_ name: String) throws -> [UInt8] {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/\(name).sqlite")
        return [UInt8](try Data(contentsOf: file))
    }

    @discardableResult
    func commit(_ writes: Write...) throws -> [WriteOutcome] { try store.commit(writes) }

    func records(of tenant: String = "default", after sequence: UInt64 = 0) throws -> [Record] {
        try store.records(of: tenant, after: sequence, limit: .max, bytes: .max)
    }
}

extension JobKey {
    static func test(_ number: Int, tenant: String = "default") -> JobKey {
        JobKey(tenant: tenant, id: JobID(high: 7, low: UInt64(number)))
    }
}

extension StoredJob {
    /// A job of as many sources as chunks, or of one text that is cut into lines.
    static func test(
        _ key: JobKey, texts: [String] = ["Hello."], digest: [UInt8] = [1], acceptedAt: UInt64 = 1000,
        change: (inout Job) -> Void = { _ in }
    ) -> StoredJob {
        var job = Job(id: key.id, texts.map { .text($0) })
        job.topic = "orders"
        job.trace = "trace"
        change(&job)
        return StoredJob(
            tenant: key.tenant, job: job, digest: digest, model: "opus", maximumAttempts: 5,
            chunks: texts.indices.map { ChunkPlan(pieces: [Piece(source: $0)], cost: UInt32(10 + $0)) },
            acceptedAt: acceptedAt, expiresAt: job.deadlineMilliseconds.map { acceptedAt + $0 })
    }
}

extension ChunkResult {
    static func test(
        _ texts: String..., attempts: UInt32 = 1, at time: UInt64 = 2000, jobBytesMaximum: Int = .max
    ) -> ChunkResult {
        ChunkResult(
            outputs: texts.map { .test($0) }, attempts: attempts, finishedAt: time, jobBytesMaximum: jobBytesMaximum)
    }
}

extension Output {
    static func test(_ text: String) -> Output {
        var hypothesis = Hypothesis(text: text, score: -0.25)
        hypothesis.segmentScores = [SegmentScore(score: -0.25, weight: 3)]
        return Output(hypotheses: [hypothesis])
    }
}

extension WriteOutcome {
    var entries: [LogEntry] {
        switch self {
        case .finished(let records): records
        case .ended(let entry): [entry]
        default: []
        }
    }
}
