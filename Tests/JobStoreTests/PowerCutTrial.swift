import CSimulatedDisk
import Foundation
import GRDB
import JobModel
import JobStore
import SQLiteJobStore
import TestKit

/// A store on a simulated disk, through many lives of its broker: each ends with a cut of the power or a kill, at a random
/// write or sync, and in most a write or a sync fails before that.
struct PowerCutTrial {
    private(set) var cuts = 0
    private(set) var failures = 0
    /// Jobs whose commit was reported before the power was cut.
    private(set) var promisedCount = 0
    private(set) var lost: Set<JobKey> = []
    private(set) var problems: [String] = []

    private var random: SeededRandom
    private let sabotage: UInt32
    private var folder: TemporaryFolder
    private var disk: OpaquePointer
    private var promised: Set<JobKey> = []
    private var unfinished: [JobKey] = []
    private var lastNumber = 0

    init(seed: UInt64, sabotage: UInt32 = 0) throws {
        random = SeededRandom(seed: seed)
        self.sabotage = sabotage
        folder = try TemporaryFolder()
        disk = simulated_disk_open(folder.url.path, seed, sabotage)
    }

    /// - Parameter most: Of all runs together.
    mutating func run(cuts most: Int) throws {
        while cuts < most {
            try live()
            if !simulated_disk_is_cut(disk) && random.flag() {
                try move { simulated_disk_kill($0, $1) }
            } else {
                try move { simulated_disk_cut($0, $1) }
                cuts += 1
                simulated_disk_close(disk)
                disk = simulated_disk_open(folder.url.path, random.next(), sabotage)
            }
            // So that it stays small, and is made again.
            if random.oneIn(30) { try beginAgain() }
        }
        // What the last ones left.
        simulated_disk_follow(disk, simulated_disk_plan())
        _ = try open()
    }

    private mutating func live() throws {
        simulated_disk_follow(disk, plan())
        defer { if simulated_disk_has_failed(disk) { failures += 1 } }
        guard let store = try open() else { return }
        for _ in 0..<random.integer(0...25) where !simulated_disk_is_cut(disk) {
            do throws(StoreError) { try commit(to: store) } catch { return note(error) }
        }
        guard random.oneIn(4) else { return }
        do throws(StoreError) { try store.close() } catch { note(error) }
    }

    private mutating func plan() -> simulated_disk_plan {
        var plan = simulated_disk_plan()
        switch random.integer(0...4) {
        case 0...2: plan.failing_sync = UInt64(random.integer(1...20))
        case 3: plan.failing = UInt64(random.integer(1...300))
        default: break
        }
        switch random.integer(0...3) {
        case 0: plan.cut_sync = UInt64(random.integer(1...20))
        case 1: plan.cut = UInt64(random.integer(1...300))
        // When its life ends in another way.
        default: break
        }
        return plan
    }

    /// Starts as a broker does, and looks for what was promised.
    private mutating func open() throws -> SQLiteJobStore? {
        var settings = SQLiteJobStore.Settings()
        settings.checkpointFrames = random.choice([10, 40, 4096])
        do {
            let store = try SQLiteJobStore(in: folder.url.path, settings: settings)
            let recovery = try store.recover()
            guard !simulated_disk_is_cut(disk) else { return nil }
            unfinished = recovery.jobs.map(\.key)
            let queued = Set(unfinished)
            for job in promised where !queued.contains(job) {
                if try store.report(on: job)?.state?.isTerminal != true { lost.insert(job) }
            }
            promised.subtract(lost)
            try checkDatabase()
            return store
        } catch {
            // However it says so: a start that meets a failure may be refused.
            guard !simulated_disk_has_failed(disk), !simulated_disk_is_cut(disk) else { return nil }
            problems.append("a start was refused: \(error)")
            lost.formUnion(promised)
            try beginAgain()
            return nil
        }
    }

    private mutating func checkDatabase() throws {
        guard random.oneIn(4) else { return }
        let database = try DatabaseQueue(path: folder.file("jobs.sqlite").path)
        let report = try database.read { try String.fetchOne($0, sql: "PRAGMA integrity_check") }
        if report != "ok" { problems.append("the database is damaged: \(report ?? "no report")") }
    }

    private mutating func commit(to store: SQLiteJobStore) throws(StoreError) {
        var writes: [Write] = []
        let jobs = (0..<random.integer(1...5)).map { _ in nextJob() }
        for job in jobs {
            let text = String(repeating: "x", count: random.choice([10, 300, 2000, 9000]))
            writes.append(.insert(.test(job, texts: [text])))
        }
        let finished = unfinished.isEmpty || random.flag() ? nil : unfinished[random.integer(0...unfinished.count - 1)]
        if let finished { writes.append(.finish(finished, chunk: 0, .test("y"))) }
        _ = try store.commit(writes)
        guard !simulated_disk_is_cut(disk) else { return }
        promised.formUnion(jobs)
        promisedCount += jobs.count
        unfinished.removeAll { $0 == finished }
        unfinished += jobs
    }

    private mutating func nextJob() -> JobKey {
        lastNumber += 1
        return .test(lastNumber)
    }

    /// - Parameter error: Expected where an operation has failed.
    private mutating func note(_ error: StoreError) {
        let isExpected = error.code == .diskFailed && simulated_disk_has_failed(disk)
        if !isExpected && !simulated_disk_is_cut(disk) { problems.append("\(error)") }
    }

    private mutating func move(_ body: (OpaquePointer, String) -> Void) throws {
        let next = try TemporaryFolder()
        body(disk, next.url.path)
        folder = next
    }

    private mutating func beginAgain() throws {
        folder = try TemporaryFolder()
        promised = []
        unfinished = []
        simulated_disk_close(disk)
        disk = simulated_disk_open(folder.url.path, random.next(), sabotage)
    }
}
