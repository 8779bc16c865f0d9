import CSimulatedDisk
import Foundation
import GRDB
import JobModel
import JobStore
import SQLiteJobStore
import TestKit
import Testing

@Suite("A store on a disk that is full when it is opened")
struct PatientJobStoreTests {
    private let folder: TemporaryFolder
    private let disk: OpaquePointer

    init() throws {
        folder = try TemporaryFolder()
        disk = simulated_disk_open(folder.url.path, 1, 0)
    }

    private func setFull(_ isFull: Bool) {
        var plan = simulated_disk_plan()
        plan.is_full = isFull
        simulated_disk_follow(disk, plan)
    }

    private func open() throws -> PatientJobStore { try PatientJobStore(in: folder.url.path) }

    @Test(
        "can be read, refuses commits, and begins the epoch that it has announced when there is space",
        arguments: [true, false])
    func fullAtStart(wasClosed: Bool) throws {
        defer { simulated_disk_close(disk) }
        do {
            let store = try SQLiteJobStore(in: folder.url.path)
            _ = try store.recover()
            for number in 1...3 { _ = try store.commit([.insert(.test(.test(number)))]) }
            _ = try store.commit([.finish(.test(1), chunk: 0, .test("x"))])
            if wasClosed { try store.close() }
        }
        setFull(true)
        let store = try open()
        let recovery = try store.recover()
        #expect(recovery.problem?.code == .full)
        #expect(recovery.epoch == 2 && recovery.wasClosed == wasClosed)
        #expect(recovery.jobs.map(\.key) == [.test(2), .test(3)])
        for _ in 0..<2 {
            #expect(
                try store.records(of: "default", after: 0, limit: 10, bytes: .max).map(\.job) == [JobKey.test(1).id])
            #expect(try store.contents(of: [(.test(2), 0)])[0]?.sources == [.text("Hello.")])
            #expect(#expect(throws: StoreError.self) { try store.commit([.insert(.test(.test(4)))]) }?.code == .full)
            #expect(#expect(throws: StoreError.self) { try store.mend() }?.code == .full)
        }
        setFull(false)
        try store.mend()
        _ = try store.commit([.insert(.test(.test(4)))])
        try store.close()
        let next = try open().recover()
        #expect(next.epoch == 3 && next.problem == nil && next.wasClosed)
        #expect(next.jobs.map(\.key) == [.test(2), .test(3), .test(4)])
    }

    @Test("that is a copy tells its new history at once, and keeps to it")
    func copied() throws {
        defer { simulated_disk_close(disk) }
        let original = try TemporaryFolder()
        let history: LogID
        do {
            let store = try SQLiteJobStore(in: original.url.path)
            history = try store.recover().logID
            _ = try store.commit([.insert(.test(.test(1)))])
            try store.close()
        }
        for name in try FileManager.default.contentsOfDirectory(atPath: original.url.path) {
            try FileManager.default.copyItem(at: original.file(name), to: folder.file(name))
        }
        setFull(true)
        let store = try open()
        let announced = try store.recover()
        #expect(announced.problem?.code == .full && announced.logID != history)
        #expect(#expect(throws: StoreError.self) { try store.mend() }?.code == .full)
        setFull(false)
        try store.mend()
        try store.close()
        #expect(try open().recover().logID == announced.logID)
    }

    @Test("that has never been written to has nothing, until there is space")
    func newStore() throws {
        defer { simulated_disk_close(disk) }
        setFull(true)
        let store = try open()
        let recovery = try store.recover()
        #expect(recovery.problem?.code == .full && recovery.epoch == 1 && recovery.jobs.isEmpty)
        #expect(try store.firstSequence(of: "default") == nil)
        setFull(false)
        try store.mend()
        _ = try store.commit([.insert(.test(.test(1)))])
        try store.close()
        #expect(try open().recover().epoch == 2)
    }

    @Test("is closed without having been written to")
    func closed() throws {
        defer { simulated_disk_close(disk) }
        setFull(true)
        let store = try open()
        _ = try store.recover()
        try store.close()
        #expect(throws: StoreError.self) { try store.firstSequence(of: "default") }
        setFull(false)
        #expect(try open().recover().epoch == 1)
    }

    @Test("of an earlier version is read as one of this version")
    func earlierVersion() throws {
        defer { simulated_disk_close(disk) }
        try folder.write("jobs.sqlite", try StoreUnderTest.olderRelease())
        setFull(true)
        let frozen = try open()
        let jobs = try frozen.recover().jobs.map(\.key)
        #expect(jobs.count == 2)
        setFull(false)
        try frozen.mend()
        _ = try frozen.commit([.finish(jobs[0], chunk: 0, .test("x"))])
        #expect(try frozen.report(on: jobs[0])?.state == .done)
    }
}
