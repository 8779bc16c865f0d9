import JobModel
import Testing
import Wire

@Suite("The wire is Google's runtime's")
struct GoldenTests {
    @Test("the bytes of Python's protobuf mean the same here")
    func decodesGoldens() throws {
        var decoder = try EnvelopeDecoder(frameSizeLimit: 1 << 20)
        for (name, envelope) in GoldenVectors.envelopes {
            let bytes = try #require(GoldenVectors.bytes[name], "\(name) is in no fixture")
            #expect(try decoder.decode(bytes) == envelope, "\(name)")
        }
    }

    @Test("what is written here is Python's protobuf's to the byte")
    func encodesGoldens() {
        for (name, envelope) in GoldenVectors.envelopes {
            #expect(envelope.encoded() == GoldenVectors.bytes[name], "\(name)")
        }
    }

    @Test("every vector but that of unknown fields is a value here")
    func everyVectorIsUsed() {
        #expect(Set(GoldenVectors.bytes.keys) == Set(GoldenVectors.envelopes.keys).union(["unknown fields"]))
    }

    @Test("fields of a later protocol are skipped, in the envelope and inside")
    func unknownFields() throws {
        var decoder = try EnvelopeDecoder(frameSizeLimit: 1 << 20)
        let bytes = try #require(GoldenVectors.bytes["unknown fields"])
        let job = GoldenVectors.job { $0.priority = 2 }
        #expect(try decoder.decode(bytes) == Envelope(.submit([job])))
    }
}
