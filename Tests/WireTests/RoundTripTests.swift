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

    @Test("a record that was encoded before makes the same frame, and takes no more than it says, nor much less")
    func encodedRecord() throws {
        let decoder = try StoredMessageDecoder()
        var random = RandomEnvelopes(seed: 1)
        for _ in 0..<200 {
            let record = random.record()
            let encoded = EncodedRecord(record)
            for epoch in [0, 1, 300, UInt64.max] {
                let envelope = Envelope(.record(record, epoch: epoch))
                var frame: [UInt8] = [1, 2, 3]
                encoded.encode(epoch: epoch, into: &frame)
                #expect(frame == envelope.encoded())
                #expect((frame.count...frame.count + 30).contains(encoded.frameByteCount))
            }
            #expect(try decoder.record(encoded.bytes) == record)
        }
    }
}
