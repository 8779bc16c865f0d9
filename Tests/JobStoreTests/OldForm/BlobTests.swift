import JobModel
import JobStore
import SQLiteJobStore
import TestKit
import Testing

@Suite("Values in the old form")
struct BlobTests {
    @Test("are read as they were written, whatever they are")
    func roundTrips() throws {
        var random = SeededRandom(seed: 1)
        for _ in 0..<300 {
            try check(random.source())
            var options = random.options()
            options.split = nil
            options.markup = nil
            try check(options)
            try check((0..<random.integer(0...4)).map { _ in random.plan() })
            try check((0..<random.integer(0...3)).map { _ in random.output() })
            try check(random.record())
            try check(random.next() >> random.next() % 64)
            try check(Int(truncatingIfNeeded: random.next()) >> Int(random.next() % 64))
        }
        for value in [0, 1, -1, Int.max, Int.min] { try check(value) }
        for value in [0, 127, 128, UInt64.max] { try check(value) }
    }

    @Test("keep every bit of a float", arguments: [Float.nan, .infinity, -0.0, .leastNonzeroMagnitude, 0.1])
    func floats(_ value: Float) throws {
        #expect(try Blob.value(Float.self, from: Blob.bytes(value)).bitPattern == value.bitPattern)
    }

    @Test("that are damaged throw or give some value, and never crash")
    func damage() {
        var random = SeededRandom(seed: 2)
        for _ in 0..<2000 {
            var bytes = Blob.bytes(random.record())
            switch random.integer(0...2) {
            case 0: bytes.removeLast(random.integer(1...bytes.count))
            case 1: bytes[random.integer(0...bytes.count - 1)] = UInt8(truncatingIfNeeded: random.next())
            default: bytes = (0..<random.integer(0...40)).map { _ in UInt8(truncatingIfNeeded: random.next()) }
            }
            _ = try? Blob.value(Record.self, from: bytes)
            _ = try? Blob.value([ChunkPlan].self, from: bytes)
            _ = try? Blob.value(Job.self, from: bytes)
        }
    }

    @Test("of another form, cut short or too long are refused")
    func refusals() throws {
        var bytes = Blob.bytes(["text"])
        #expect(throws: ValueError.self) { try Blob.value([String].self, from: bytes + [0]) }
        #expect(throws: ValueError.self) { try Blob.value([String].self, from: bytes.dropLast()) }
        bytes[0] = 2
        #expect(throws: ValueError.self) { try Blob.value([String].self, from: bytes) }
        #expect(throws: ValueError.self) { try Blob.value([String].self, from: []) }
        // A count that no bytes stand behind.
        #expect(throws: ValueError.self) { try Blob.value([Float].self, from: [1, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F]) }
        #expect(throws: ValueError.self) { try Blob.value(String.self, from: [1, 2, 0xC3, 0x28]) }
    }

    private func check<Value: BlobReadable & BlobWritable & Equatable>(_ value: Value) throws {
        #expect(try Blob.value(Value.self, from: Blob.bytes(value)) == value)
    }
}
