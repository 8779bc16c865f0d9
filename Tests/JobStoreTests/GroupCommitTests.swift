import Dispatch
import JobModel
import JobStore
import Synchronization
import TestKit
import Testing

@Suite("Group commit")
struct GroupCommitTests {
    private let bench = CommitBench()

    @Test("joins what comes while a commit is under way into one transaction, and answers in order")
    func grouping() {
        let committer = bench.committer()
        bench.hold()
        committer.submit(0, [.insert(.test(.test(0)))])
        bench.awaitCommit()
        for number in 1...10 { committer.submit(number, [.insert(.test(.test(number))), .offer(.init(name: "m"))]) }
        committer.submit(11, [])
        bench.release()
        committer.stop()
        #expect(bench.store.groups.map(\.count) == [1, 20])
        #expect(bench.reports.map(\.id) == Array(0...11))
        #expect(bench.reports.map(\.outcomes?.count) == [1] + Array(repeating: 2, count: 10) + [0])
        for report in bench.reports.dropLast() {
            #expect(report.outcomes?.first == .inserted(QueuedJob(.test(.test(report.id)))))
        }
    }

    @Test("a commit that can wait goes with the next that cannot, and before it")
    func patience() {
        let committer = bench.committer()
        let note = Write.offer(.init(name: "m"))
        let hour = 3_600_000
        for number in 0..<3 { committer.submit(number, [note], delay: hour) }
        committer.submit(3, [note])
        bench.awaitReports(4)
        #expect(bench.store.groups.map(\.count) == [4])
        #expect(bench.reports.map(\.id) == [0, 1, 2, 3])
        committer.submit(4, [note], delay: hour)
        committer.stop()
        #expect(bench.store.groups.map(\.count) == [4, 1])
    }

    @Test("a commit that can wait goes by itself when nothing else comes, also after one was taken early")
    func delay() {
        let committer = bench.committer()
        let note = Write.offer(.init(name: "m"))
        for number in 0..<20 { committer.submit(number, [note], delay: number % 3 == 0 ? 0 : 1 + number % 5) }
        bench.awaitReports(20)
        committer.submit(20, [note], delay: 1)
        bench.awaitReports(1)
        #expect(bench.reports.map(\.id) == Array(0...20))
        committer.stop()
    }

    @Test("keeps a group within its writes and bytes, but takes a large commit whole")
    func groupLimits() {
        var settings = CommitSettings()
        settings.groupWrites = 4
        settings.groupBytes = 2000
        let committer = bench.committer(settings)
        bench.hold()
        committer.submit(0, [])
        bench.awaitCommit()
        let note = Write.offer(.init(name: "m"))
        for number in 1...6 { committer.submit(number, [note, note]) }
        committer.submit(7, Array(repeating: note, count: 9))
        let large = String(repeating: "x", count: 1000)
        for number in 8...9 { committer.submit(number, [.insert(.test(.test(number), texts: [large]))]) }
        bench.release()
        committer.stop()
        #expect(bench.store.groups.map(\.count) == [0, 4, 4, 4, 9, 1, 1])
        #expect(bench.reports.map(\.id) == Array(0...9))
    }

    @Test("one bad commit does not take the others with it", arguments: [StoreError.Code.failed, .full])
    func isolation(_ code: StoreError.Code) {
        let error = StoreError(code, "bad")
        bench.store.failCommits { writes in writes.contains(.dropDead(.test(3))) ? error : nil }
        let committer = bench.committer()
        bench.hold()
        committer.submit(0, [])
        bench.awaitCommit()
        for number in 1...5 { committer.submit(number, [.dropDead(.test(number))]) }
        bench.release()
        committer.stop()
        #expect(bench.reports.map(\.id) == Array(0...5))
        #expect(bench.reports.map(\.error) == [nil, nil, nil, error, nil, nil])
        #expect(bench.store.groups.map(\.count) == [0, 1, 1, 1, 1])
    }

    @Test("a fault of the store itself fails the whole group at once", arguments: [StoreError.Code.readOnly, .busy])
    func storeFault(_ code: StoreError.Code) {
        let error = StoreError(code, "no")
        let count = Mutex(0)
        bench.store.failCommits { writes in
            count.withLock { $0 += 1 }
            return writes.isEmpty ? nil : error
        }
        let committer = bench.committer()
        bench.hold()
        committer.submit(0, [])
        bench.awaitCommit()
        for number in 1...5 { committer.submit(number, [.dropDead(.test(number))]) }
        bench.release()
        committer.stop()
        #expect(bench.reports.map(\.error) == [nil] + Array(repeating: error, count: 5))
        #expect(count.withLock { $0 } == 2)
    }

    @Test("refuses what the queue has no room for, in its turn, and goes on")
    func overload() {
        var settings = CommitSettings()
        settings.queuedBytes = 1000
        let committer = bench.committer(settings)
        bench.hold()
        committer.submit(0, [])
        bench.awaitCommit()
        let large = Write.insert(.test(.test(1), texts: [String(repeating: "x", count: 5000)]))
        committer.submit(1, [large])
        committer.submit(2, [.offer(.init(name: "m"))])
        bench.release()
        bench.awaitReports(3)
        committer.submit(3, [.offer(.init(name: "m"))])
        committer.stop()
        #expect(bench.reports.map(\.id) == [0, 1, 2, 3])
        #expect(bench.reports.map(\.error?.code) == [nil, nil, .overloaded, nil])
    }

    @Test("finishes what is pending when it stops, and refuses what comes later")
    func stop() {
        let committer = bench.committer()
        for number in 0..<100 { committer.submit(number, [.dropDead(.test(number))]) }
        committer.stop()
        #expect(bench.reports.map(\.id) == Array(0..<100))
        committer.submit(100, [.dropDead(.test(100))])
        committer.stop()
        #expect(bench.reports.last?.error?.code == .failed)
        #expect(bench.store.groups.joined().count == 100)
    }

    @Test("answers commits of many threads, each thread's in its order")
    func manyThreads() {
        let committer = bench.committer()
        DispatchQueue.concurrentPerform(iterations: 4) { thread in
            for number in 0..<200 { committer.submit(thread * 1000 + number, [.offer(.init(name: "m"))]) }
        }
        committer.stop()
        for thread in 0..<4 {
            #expect(bench.reports.map(\.id).filter { $0 / 1000 == thread } == (0..<200).map { thread * 1000 + $0 })
        }
    }

    @Test("a reader answers in the order of the questions, errors too")
    func reader() throws {
        let store = FaultyStore()
        let reader = StoreReader(store: store)
        let answers = Mutex<[String]>([])
        for number in 0..<50 {
            reader.read { store throws(StoreError) in
                if number == 7 { throw StoreError(.damaged, "seven") }
                return try store.report(on: .test(number))
            } answer: { result in
                answers.withLock { $0.append("\(number) \(result.map { _ in "" })") }
            }
        }
        reader.stop()
        let got = answers.withLock { $0 }
        #expect(got.count == 50)
        #expect(got.enumerated().allSatisfy { $1.hasPrefix("\($0) ") })
        #expect(got[7].contains("failure"))
    }
}

/// A store whose commits a test can hold back, and what was reported of them.
private final class CommitBench: Sendable {
    struct Report: Sendable {
        var id: Int
        var result: Result<[WriteOutcome], StoreError>

        var outcomes: [WriteOutcome]? { try? result.get() }
        var error: StoreError? { if case .failure(let error) = result { error } else { nil } }
    }

    let store = FaultyStore()
    private let isHeld = Mutex(false)
    private let began = DispatchSemaphore(value: 0)
    private let released = DispatchSemaphore(value: 0)
    private let reported = DispatchSemaphore(value: 0)
    private let all = Mutex<[Report]>([])

    var reports: [Report] { all.withLock { $0 } }

    func committer(_ settings: CommitSettings = CommitSettings()) -> GroupCommit<Int> {
        GroupCommit(store: store, settings: settings) { group in
            // The first report holds the committing thread as a slow disk would.
            if self.isHeld.withLock({ $0 }) {
                self.isHeld.withLock { $0 = false }
                self.began.signal()
                self.released.wait()
            }
            for (id, result) in group {
                self.all.withLock { $0.append(Report(id: id, result: result)) }
                self.reported.signal()
            }
        }
    }

    func hold() { isHeld.withLock { $0 = true } }
    func awaitCommit() { began.wait() }
    func release() { released.signal() }
    func awaitReports(_ count: Int) { for _ in 0..<count { reported.wait() } }
}
