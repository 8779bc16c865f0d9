import JobModel
import JobStore
import SQLiteJobStore
import TestKit
import Testing

@Suite("Blobs")
struct BlobTests {
    @Test("give back what was written, whatever it is")
    func roundTrips() throws {
        var random = SeededRandom(seed: 1)
        for _ in 0..<300 {
            try check(random.source())
            try check(random.options())
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
            _ = try? Blob.value(SearchOptions.self, from: bytes)
        }
    }

    @Test("of another version, cut short or too long are refused")
    func refusals() throws {
        var bytes = Blob.bytes(["text"])
        #expect(throws: BlobError.self) { try Blob.value([String].self, from: bytes + [0]) }
        #expect(throws: BlobError.self) { try Blob.value([String].self, from: bytes.dropLast()) }
        bytes[0] = 2
        #expect(throws: BlobError.self) { try Blob.value([String].self, from: bytes) }
        #expect(throws: BlobError.self) { try Blob.value([String].self, from: []) }
        // A count that no bytes stand behind.
        #expect(throws: BlobError.self) { try Blob.value([Float].self, from: [1, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F]) }
        #expect(throws: BlobError.self) { try Blob.value(String.self, from: [1, 2, 0xC3, 0x28]) }
    }

    @Test("are short: a one-line job's plan is five bytes")
    func sizes() {
        #expect(Blob.bytes([ChunkPlan(pieces: [Piece(source: 0)], cost: 17)]).count == 5)
        #expect(Blob.bytes(SearchOptions()).count == 2)
    }

    private func check<Value: BlobCodable & Equatable>(_ value: Value) throws {
        #expect(try Blob.value(Value.self, from: Blob.bytes(value)) == value)
    }
}

extension SeededRandom {
    mutating func text() -> String {
        let alphabet: [Character] = ["a", "é", "▁", "\n", "😀", " ", "\u{301}"]
        return String((0..<integer(0...12)).map { _ in choice(alphabet) })
    }

    mutating func texts() -> [String] { (0..<integer(0...4)).map { _ in text() } }

    mutating func source() -> Source { flag() ? .text(text()) : .tokens(texts()) }

    mutating func plan() -> ChunkPlan {
        let pieces = (0..<integer(1...3)).map { source in
            let lower = integer(0...500)
            return Piece(source: source, bytes: flag() ? nil : lower..<lower + integer(0...500))
        }
        return ChunkPlan(pieces: pieces, cost: UInt32(integer(0...100_000)))
    }

    mutating func options() -> SearchOptions {
        var options = SearchOptions()
        if flag() { options.beamSize = integer(1...256) }
        if flag() { options.nBest = integer(1...256) }
        if flag() { options.lengthPenalty = floats(1)[0] }
        if flag() { options.maximumLength = integer(0...512) }
        if flag() { options.minimumLength = integer(0...512) }
        if flag() { options.maximumLengthRatio = floats(1)[0] }
        if flag() { options.minimumLengthRatio = floats(1)[0] }
        if flag() { options.earlyStopping = choice(EarlyStoppingRule.allCases) }
        if flag() { options.patience = floats(1)[0] }
        if flag() { options.repetitionPenalty = floats(1)[0] }
        if flag() { options.noRepeatNgramSize = integer(0...5) }
        if flag() { options.suppress = texts() }
        if flag() { options.forceFirstToken = text() }
        if flag() { options.prefix = source() }
        if flag() { options.renormalizeScores = flag() }
        if flag() { options.samplingTopK = integer(0...50) }
        if flag() { options.samplingTopP = floats(1)[0] }
        if flag() { options.temperature = floats(1)[0] }
        if flag() { options.seed = next() }
        if flag() { options.alignments = flag() }
        if flag() { options.returnScores = flag() }
        if flag() { options.disallowUnknown = flag() }
        return options
    }

    mutating func output() -> Output {
        Output(
            hypotheses: (0..<integer(1...3)).map { _ in
                var hypothesis = Output.Hypothesis(
                    text: text(), score: flag() ? floats(1)[0] : nil, isTruncated: flag())
                hypothesis.tokens = texts()
                hypothesis.tokenScores = floats(hypothesis.tokens.count)
                if flag() { hypothesis.alignment = hypothesis.tokens.map { _ in floats(3) } }
                hypothesis.segmentScores = (0..<integer(0...3)).map { _ in
                    .init(score: floats(1)[0], weight: UInt32(integer(0...40)))
                }
                return hypothesis
            })
    }

    mutating func record() -> Record {
        var record = Record(sequence: next(), job: JobID(high: next(), low: next()), state: choice(JobState.allCases))
        record.outputs = (0..<integer(0...2)).map { _ in output() }
        if flag() { record.failure = Failure(text(), text()) }
        record.topic = text()
        record.trace = text()
        record.model = text()
        record.acceptedAt = next()
        record.finishedAt = next()
        record.attempts = integer(0...9)
        record.pieces = plan().pieces
        if flag() { record.retryOf = JobID(high: next(), low: next()) }
        return record
    }
}
