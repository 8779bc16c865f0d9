import CSimulatedDisk
import Foundation
import GRDB
import JobModel
import JobStore
import SQLiteJobStore
import TestKit
import Testing

@Suite("A disk that fails ends the store")
struct FailedDiskTests {
    private let folder: TemporaryFolder
    private let disk: OpaquePointer

    init() throws {
        folder = try TemporaryFolder()
        disk = simulated_disk_open(folder.url.path, 1, 0)
    }

    private func open(checkpointFrames: Int = 4096, patience: Double = 5) throws(StoreError) -> SQLiteJobStore {
        var settings = SQLiteJobStore.Settings()
        settings.checkpointFrames = checkpointFrames
        settings.patience = patience
        return try SQLiteJobStore(in: folder.url.path, settings: settings)
    }

    /// Counted from now and from 1; 0: none.
    private func fail(_ operation: UInt64 = 0, sync: UInt64 = 0) {
        var plan = simulated_disk_plan()
        plan.failing = operation
        plan.failing_sync = sync
        simulated_disk_follow(disk, plan)
    }

    @Test(
        "after any write or sync of a commit that failed, also of its checkpoint, nothing is written or taken any more",
        arguments: [4096, 1])
    func commit(_ checkpointFrames: Int) throws {
        defer { simulated_disk_close(disk) }
        var failures = 0
        while true {
            let store = try open(checkpointFrames: checkpointFrames)
            _ = try store.recover()
            let number = 2 * failures
            fail(UInt64(failures + 1))
            do throws(StoreError) {
                _ = try store.commit([.insert(.test(.test(number)))])
            } catch {
                #expect(error.code == .diskFailed && error.message.contains("disk"))
            }
            // Perhaps the commit has fewer operations.
            guard simulated_disk_has_failed(disk) else { break }
            failures += 1
            let count = simulated_disk_operations(disk)
            for write in [Write.insert(.test(.test(number + 1))), .offer(.init(name: "m"))] {
                #expect(#expect(throws: StoreError.self) { try store.commit([write]) }?.code == .diskFailed)
            }
            #expect(throws: StoreError.self) { try store.close() }
            #expect(simulated_disk_operations(disk) == count)
        }
        #expect(failures > (checkpointFrames == 1 ? 12 : 6))
    }

    @Test("a start whose writes or syncs fail is refused, and the next one finds everything")
    func start() throws {
        defer { simulated_disk_close(disk) }
        do {
            let store = try open()
            _ = try store.recover()
            for number in 0..<10 { _ = try store.commit([.insert(.test(.test(number)))]) }
        }
        var failures: UInt64 = 0
        while true {
            fail(sync: failures + 1)
            do throws(StoreError) {
                _ = try open().recover()
            } catch {
                #expect(error.code == .diskFailed)
            }
            guard simulated_disk_has_failed(disk) else { break }
            failures += 1
        }
        #expect(failures > 4)
        fail()
        #expect(try open().recover().jobs.count == 10)
    }

    @Test("a start waits for a program that reads the database, and is refused when it reads for too long")
    func reader() throws {
        defer { simulated_disk_close(disk) }
        _ = try open().recover()
        let reader = try DatabaseQueue(path: folder.file("jobs.sqlite").path)
        try reader.read { database in
            _ = try Int.fetchOne(database, sql: "SELECT count(*) FROM job")
            let other = try DatabaseQueue(path: folder.file("jobs.sqlite").path)
            try other.write { try $0.execute(sql: "CREATE TABLE note (text TEXT)") }
            #expect(#expect(throws: StoreError.self) { try open(patience: 0.05) }?.code == .busy)
        }
        try reader.close()
        #expect(try open().recover().epoch == 2)
    }
}
