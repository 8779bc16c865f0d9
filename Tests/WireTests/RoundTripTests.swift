import JobModel
import TestKit
import Testing
import Wire

@Suite("Messages survive the wire")
struct RoundTripTests {
    @Test("decoding gives what was encoded, for every kind of message", arguments: 0..<RandomEnvelopes.kinds)
    func decodingGivesWhatWasEncoded(kind: Int) throws {
        var decoder = try EnvelopeDecoder(frameSizeLimit: 4 << 20)
        var random = RandomEnvelopes(seed: UInt64(kind))
        var frame: [UInt8] = []
        for _ in 0..<50 {
            let envelope = random.envelope(kind: kind)
            envelope.encode(into: &frame)
            #expect(try decoder.decode(frame) == envelope)
            // The same bits, too: minus zero equals zero.
            #expect(try decoder.decode(frame).encoded() == frame)
        }
    }

    @Test("a record takes no more than is said before, and not much less")
    func recordSize() {
        var random = RandomEnvelopes(seed: 1)
        for _ in 0..<200 {
            let record = random.record()
            let size = Envelope(.record(record, epoch: .max), correlation: Array(repeating: 1, count: 64)).encoded()
                .count
            let rows = record.outputs.reduce(0) { sum, output in
                output.hypotheses.reduce(sum) { $0 + 1 + $1.tokens.count + $1.alignment.count + $1.segmentScores.count }
            }
            #expect(size <= record.wireSizeBound)
            #expect(record.wireSizeBound - size <= 256 + 48 * (record.outputs.count + record.pieces.count + rows))
        }
    }
}
