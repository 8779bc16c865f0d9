import Broker
import JobModel
import JobStore
import Testing

@Suite("The ends of the logs")
struct RecentRecordsTests {
    private func record(_ sequence: UInt64) -> Record {
        Record(sequence: sequence, job: .random(), state: .done)
    }

    private func logs(_ sequences: ClosedRange<UInt64>, bytesMaximum: Int = .max) -> RecentRecords {
        var recent = RecentRecords(bytesMaximum: bytesMaximum)
        for sequence in sequences { recent.append(LogEntry(record(sequence), of: "a")) }
        return recent
    }

    @Test("are read as the store is read: after a number, some records, some bytes, but one at least")
    func reading() {
        let recent = logs(5...9)
        func read(after sequence: UInt64, limit: Int = 100, bytes: Int = .max) -> [UInt64]? {
            recent.records(of: "a", after: sequence, limit: limit, bytes: bytes)?.map(\.sequence)
        }
        #expect(read(after: 4) == [5, 6, 7, 8, 9])
        #expect(read(after: 6, limit: 2) == [7, 8])
        #expect(read(after: 8) == [9])
        #expect(read(after: 4, bytes: 0) == [5])
        let size = recent.records(of: "a", after: 4, limit: 1, bytes: 0)![0].bytes.count
        #expect(read(after: 4, bytes: 2 * size) == [5, 6])
    }

    @Test("the store is asked for what is older or not there yet, and for other tenants")
    func misses() {
        let recent = logs(5...9)
        for sequence: UInt64 in [0, 3, 9, 10, .max] {
            #expect(recent.records(of: "a", after: sequence, limit: 10, bytes: .max) == nil, "after \(sequence)")
        }
        #expect(recent.records(of: "b", after: 4, limit: 10, bytes: .max) == nil)
    }

    @Test("take no more than their bytes; the oldest of all tenants go first")
    func bound() {
        let size = logs(1...1).records(of: "a", after: 0, limit: 1, bytes: 0)![0].bytes.count + RecentRecords.overhead
        var recent = logs(1...3, bytesMaximum: 4 * size)
        for sequence: UInt64 in 1...2 { recent.append(LogEntry(record(sequence), of: "b")) }
        #expect(recent.records(of: "a", after: 0, limit: 10, bytes: .max) == nil)
        #expect(recent.records(of: "a", after: 1, limit: 10, bytes: .max)?.count == 2)
        #expect(recent.records(of: "b", after: 0, limit: 10, bytes: .max)?.count == 2)
        for sequence: UInt64 in 3...6 { recent.append(LogEntry(record(sequence), of: "b")) }
        #expect(recent.records(of: "a", after: 1, limit: 10, bytes: .max) == nil)
        #expect(recent.records(of: "b", after: 2, limit: 10, bytes: .max)?.map(\.sequence) == [3, 4, 5, 6])
    }
}
