import Foundation
import JobModel
import JobStore
import SQLiteJobStore
import Synchronization
import TestKit
import Testing

struct StoreBackupTests {
    private let folder: TemporaryFolder
    private let other: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        other = try TemporaryFolder()
    }

    private var backup: String { other.file("backup").path }

    private func open(_ folder: TemporaryFolder) throws -> SQLiteJobStore { try SQLiteJobStore(in: folder.url.path) }

    @Test func `a backup under load has all that was committed before it began, and is whole`() throws {
        let store = try open(folder)
        let identity = try store.recover().logID
        let committed = Atomic(0)
        let stops = Atomic(false)
        let writer = Thread {
            while !stops.load(ordering: .relaxed) {
                let number = committed.load(ordering: .relaxed)
                let writes: [Write] = [.insert(.test(.test(number))), .finish(.test(number), chunk: 0, .test("x"))]
                guard (try? store.commit(writes)) != nil else { return }
                committed.add(1, ordering: .releasing)
            }
        }
        writer.start()
        for round in 1...5 {
            while committed.load(ordering: .acquiring) < round * 20 && !writer.isFinished { usleep(1000) }
            let before = committed.load(ordering: .acquiring)
            let file = other.file("backup-\(round)").path
            try StoreBackup.make(of: folder.url.path, to: file)

            let restored = try TemporaryFolder()
            #expect(try !StoreBackup.restore(file, to: restored.url.path).isEmpty)
            let check = try StoreCheck(of: restored.url.path).findings
            #expect(check.faults.isEmpty)
            #expect(check.jobs >= before && check.records >= before)
            let copy = try open(restored)
            #expect(try copy.recover().logID != identity)
            try copy.close()
        }
        stops.store(true, ordering: .relaxed)
        while !writer.isFinished { usleep(1000) }
        try store.close()
        #expect(try StoreCheck(of: folder.url.path).findings.faults.isEmpty)
    }

    @Test func `a backup is its owner's, and replaces no file`() throws {
        try open(folder).close()
        try StoreBackup.make(of: folder.url.path, to: backup)
        let mode = try FileManager.default.attributesOfItem(atPath: backup)[.posixPermissions] as? Int
        #expect(mode == 0o600)
        let before = try other.read("backup")
        let error = #expect(throws: StoreError.self) { try StoreBackup.make(of: folder.url.path, to: backup) }
        #expect(error?.message == "\(backup) exists; name a file that does not")
        #expect(try other.read("backup") == before)
        #expect(try FileManager.default.contentsOfDirectory(atPath: other.url.path) == ["backup"])
    }

    @Test func `a store is never replaced`() throws {
        try open(folder).close()
        try StoreBackup.make(of: folder.url.path, to: backup)
        let error = #expect(throws: StoreError.self) { try StoreBackup.restore(backup, to: folder.url.path) }
        #expect(error?.message.contains("move its files jobs.sqlite* away first") == true)
    }

    @Test func `a broker that runs keeps a restore out`() throws {
        let store = try open(folder)
        try StoreBackup.make(of: folder.url.path, to: backup)
        let error = #expect(throws: StoreError.self) { try StoreBackup.restore(backup, to: folder.url.path) }
        #expect(error?.code == .busy)
        try store.close()
    }

    @Test(arguments: [0, 100, 5000])
    func `a file that is no backup, or half of one, is not restored`(bytes: Int) throws {
        try open(folder).close()
        try StoreBackup.make(of: folder.url.path, to: backup)
        try other.write("half", other.read("backup").prefix(bytes))
        let restored = try TemporaryFolder()
        #expect(throws: StoreError.self) { try StoreBackup.restore(other.file("half").path, to: restored.url.path) }
        #expect(try FileManager.default.contentsOfDirectory(atPath: restored.url.path).allSatisfy { $0 == "jobs.lock" })
    }

    @Test func `without a store there is nothing to back up`() throws {
        let error = #expect(throws: StoreError.self) { try StoreBackup.make(of: folder.url.path, to: backup) }
        #expect(error?.message.contains("there is no job store in") == true)
    }
}
