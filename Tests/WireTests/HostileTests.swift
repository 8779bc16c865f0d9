import JobModel
import TestKit
import Testing
import Wire

/// Body fields of the envelope.
private enum Field {
    static let submit: UInt64 = 10
    static let hello: UInt64 = 30
    static let done: UInt64 = 33
    static let record: UInt64 = 61
}

@Suite("What is no message of the protocol is refused, and says why")
struct HostileTests {
    private let id = [UInt8](repeating: 1, count: 16)

    private func error(of frame: [UInt8], limit: Int = 1 << 20) throws -> WireError {
        var decoder = try EnvelopeDecoder(frameSizeLimit: limit)
        do throws(WireError) {
            let envelope = try decoder.decode(frame)
            Issue.record("decoded as \(envelope)")
            return WireError(.unexpected, "")
        } catch {
            return error
        }
    }

    private func refuses(
        _ frame: [UInt8], _ code: Fault.Code, _ words: String, correlation: [UInt8] = [7],
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let error = try error(of: frame)
        #expect(error.fault.code == code, sourceLocation: sourceLocation)
        #expect(error.fault.message.contains(words), "\(error)", sourceLocation: sourceLocation)
        #expect(error.correlation == correlation, sourceLocation: sourceLocation)
    }

    /// A submission of one job with what `write` adds.
    private func job(_ write: (inout RawMessage) -> Void) -> [UInt8] {
        RawMessage.envelope {
            $0.message(Field.submit) {
                $0.message(1) {
                    $0.data(1, id)
                    write(&$0)
                }
            }
        }
    }

    /// A HELLO that offers one model with what `write` adds.
    private func hello(_ write: (inout RawMessage) -> Void) -> [UInt8] {
        RawMessage.envelope { $0.message(Field.hello) { $0.message(2) { write(&$0) } } }
    }

    @Test("garbage is refused")
    func garbage() throws {
        try refuses([], .version, "version is 0", correlation: [])
        try refuses(Array(repeating: 0xff, count: 1 << 20), .malformed, "not an Envelope", correlation: [])
        try refuses(Array(repeating: 0, count: 1001), .malformed, "not an Envelope", correlation: [])
        try refuses(Array("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".utf8), .malformed, "not an Env", correlation: [])
        try refuses(RawMessage.envelope { $0.raw([0x52]) }, .malformed, "not an Envelope")
        try refuses(RawMessage.envelope { $0.data(Field.submit, [0xff]) }, .malformed, "not an Envelope")
        // A number where a message belongs.
        try refuses(RawMessage.envelope { $0.number(Field.submit, 1) }, .malformed, "not an Envelope")
    }

    @Test("another version is answered as such, whatever its body is, to the request that it was")
    func version() throws {
        let later = RawMessage {
            $0.data(2, [7])
            $0.data(Field.submit, [0xff, 0xff])
            $0.number(1, 2)
        }
        try refuses(later.bytes, .version, "version is 2, and this side speaks only 1")
        try refuses(later.bytes + [0x0b, 0xff], .version, "version is 2")
        #expect(try error(of: later.bytes).answer.correlation == [7])
    }

    @Test("an unknown body is unexpected; no body is malformed")
    func unknownBody() throws {
        try refuses(RawMessage.envelope { $0.data(64, []) }, .unexpected, "field 64 of Envelope")
        try refuses(RawMessage.envelope { $0.data(1 << 29 - 1, []) }, .unexpected, "field 536870911")
        try refuses(RawMessage.envelope { _ in }, .malformed, "has no body")
    }

    @Test("what is larger than a frame may be is refused unread")
    func oversize() throws {
        let error = try error(of: Array(repeating: 0, count: 1001), limit: 1000)
        #expect(error.fault.code == .tooLarge)
        #expect(error.fault.message.contains("1001 bytes, and the limit is 1000"))
    }

    @Test("58 KB of groups in groups do not overflow the stack", arguments: [0, 100])
    func nestedGroups(field: UInt64) throws {
        let group = RawMessage { $0.varint(field << 3 | 3) }.bytes
        try refuses(
            RawMessage.envelope { $0.raw(Array(repeatElement(group, count: 58_000 / group.count).joined())) },
            .malformed, "not an Envelope")
    }

    @Test("messages of two bytes that cost hundreds are stopped by the budget")
    func amplification() throws {
        let two: [UInt8] = [0x0a, 0]
        let bomb = Array(repeatElement(two, count: 250_000).joined())
        try refuses(RawMessage.envelope { $0.data(Field.submit, bomb) }, .tooLarge, "unpacks to more than")
    }

    @Test("what may stand once is not merged from two")
    func duplicates() throws {
        try refuses(
            job { for _ in 0..<100 { $0.message(7) { $0.data(12, [97]) } } }, .malformed,
            "submit.jobs[0].options is given 100 times")
        try refuses(
            job { $0.message(7) { for _ in 0..<2 { $0.message(14) { _ in } } } }, .malformed,
            "options.prefix is given 2 times")
        try refuses(
            RawMessage.envelope { for _ in 0..<2 { $0.message(16) { _ in } } }, .malformed, "has 2 bodies")
    }

    @Test("a length near the end of 32 bits does not wrap around")
    func longLengths() throws {
        for length: UInt64 in [1 << 31 - 1, 1 << 31, 1 << 32 - 5, 1 << 32 - 4, 1 << 32 - 1, 1 << 32, 1 << 63, .max] {
            let wrapped = RawMessage { $0.varint(length) }.bytes + [1, 2, 3]
            // A message, packed numbers, and bytes, each inside of a body so that only protobuf-c sees the length.
            for (body, field) in [(Field.submit, 1), (33, 2), (13, 1), (12, 1)] as [(UInt64, UInt64)] {
                let inner = RawMessage { $0.varint(field << 3 | 2) }.bytes + wrapped
                try refuses(RawMessage.envelope { $0.data(body, inner) }, .malformed, "not an Envelope")
            }
            try refuses(
                RawMessage.envelope { $0.raw([0x52] + wrapped) }, .malformed, "not an Envelope")
        }
    }

    @Test("a text that is not UTF-8 is refused, and its field named")
    func notUTF8() throws {
        for bytes: [UInt8] in [[0xff], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80], [0xe9, 0x61]] {
            try refuses(
                job {
                    $0.message(6) { $0.data(1, Array("fine".utf8)) }
                    $0.message(6) { $0.data(1, bytes) }
                }, .malformed, "submit.jobs[0].sources[1].text is not UTF-8")
        }
        try refuses(
            job { $0.message(6) { $0.message(2) { $0.data(1, [0x80]) } } }, .malformed,
            "submit.jobs[0].sources[0].tokens.tokens[0] is not UTF-8")
        try refuses(
            job { $0.message(7) { $0.data(12, [0xfe]) } }, .malformed, "submit.jobs[0].options.suppress[0] is not UTF-8"
        )
    }

    @Test("of a worker's answer that is refused, the lease is told if it can be read")
    func leaseOfRefusedAnswer() throws {
        func done(index: UInt64, idBytes: Int = 16) -> [UInt8] {
            RawMessage.envelope {
                $0.message(Field.done) {
                    $0.message(1) {
                        $0.data(1, Array(id.prefix(idBytes)))
                        $0.number(2, index)
                        $0.number(3, 77)
                    }
                    $0.message(2) { $0.message(1) { $0.data(1, [0xff]) } }
                }
            }
        }
        let lease = LeaseName(chunk: ChunkID(job: try #require(JobID(bytes: id)), index: 3), token: 77)
        #expect(try error(of: done(index: 3)).lease == lease)
        #expect(try error(of: done(index: 3, idBytes: 15)).lease == nil)
        #expect(try error(of: job { $0.message(6) { $0.data(1, [0xff]) } }).lease == nil)
    }

    @Test("a NUL is refused wherever text stands")
    func nul() throws {
        try refuses(
            job { $0.message(6) { $0.data(1, Array("a\0b".utf8)) } }, .malformed,
            "submit.jobs[0].sources[0].text has a NUL")
        try refuses(job { $0.data(11, [0]) }, .malformed, "submit.jobs[0].topic has a NUL")
    }

    @Test("what is longer than the protocol says is refused")
    func limits() throws {
        func letters(_ count: Int) -> [UInt8] { Array(repeating: 97, count: count) }
        try refuses(job { $0.data(2, letters(33)) }, .malformed, "digest has 33 bytes; it may have at most 32")
        try refuses(job { $0.data(3, letters(129)) }, .malformed, "model has 129 bytes")
        try refuses(job { $0.data(4, letters(36)) }, .malformed, "source_language has 36 bytes")
        try refuses(job { $0.data(11, letters(256)) }, .malformed, "topic has 256 bytes")
        try refuses(job { $0.data(12, letters(129)) }, .malformed, "trace has 129 bytes")
        try refuses(
            RawMessage.envelope { $0.message(12) { for _ in 0...1000 { $0.data(1, id) } } }, .malformed,
            "cancel.job_ids has 1001 elements; it may have at most 1000")
        try refuses(
            RawMessage.envelope(correlation: letters(65)) { $0.message(16) { _ in } }, .malformed,
            "correlation has 65 bytes", correlation: [])
        for count in [0, 15, 17] {
            try refuses(
                RawMessage.envelope { $0.message(14) { $0.data(1, letters(count)) } }, .malformed,
                "job_query.job_id has \(count) bytes; a job's id has 16")
        }
        for limit: UInt64 in [0, 1001] {
            try refuses(
                RawMessage.envelope {
                    $0.message(18) {
                        $0.number(1, 1)
                        $0.number(4, limit)
                    }
                }, .malformed, "dead_letter_request.limit is \(limit); it may be 1 to 1000")
        }
    }

    @Test("a number that an enum does not have is refused, and its field named")
    func unknownEnum() throws {
        func body(_ field: UInt64, _ write: (inout RawMessage) -> Void) -> [UInt8] {
            RawMessage.envelope { $0.message(field, write) }
        }
        try refuses(body(3) { $0.number(1, 99) }, .malformed, "fault.code is 99")
        try refuses(body(3) { $0.number(1, .max) }, .malformed, "fault.code is -1")
        try refuses(body(3) { _ in }, .malformed, "fault.code is 0")
        try refuses(body(13) { $0.data(1, [2, 8]) }, .malformed, "cancel_reply.states[1] is 8")
        try refuses(body(18) { $0.number(1, 4) }, .malformed, "dead_letter_request.verb is 4")
        try refuses(job { $0.message(7) { $0.number(8, 4) } }, .malformed, "options.early_stopping is 4")
        try refuses(
            body(11) {
                $0.message(1) {
                    $0.data(1, id)
                    $0.message(3) { $0.number(1, 7) }
                }
            }, .malformed, "submit_reply.verdicts[0].rejected.code is 7")
        try refuses(
            body(15) {
                $0.data(1, id)
                $0.number(2, 300)
            }, .malformed, "job_report.state is 300")
    }

    @Test("what contradicts itself or is missing is refused")
    func contradictions() throws {
        for language in ["", "a b", "a;b"] {
            try refuses(
                hello { $0.message(4) { $0.data(1, Array(language.utf8)) } }, .malformed,
                "hello.models[0].languages[0].source[0] is \"\(language)\"")
        }
        try refuses(
            hello { for _ in 0...256 { $0.message(4) { _ in } } }, .malformed, "languages has 257 elements")
        try refuses(
            hello { $0.message(4) { for _ in 0...4000 { $0.data(1, [97]) } } }, .malformed, "lists 4001 languages")
        try refuses(job { $0.data(4, [97]) }, .malformed, "target_language is missing")
        try refuses(job { $0.data(5, [97]) }, .malformed, "source_language is missing")
        try refuses(job { $0.message(6) { _ in } }, .malformed, "sources[0] has neither text nor tokens")
        try refuses(
            RawMessage.envelope { $0.message(11) { $0.message(1) { $0.data(1, id) } } }, .malformed,
            "verdicts[0] has no outcome")
        try refuses(RawMessage.envelope { $0.message(Field.done) { _ in } }, .malformed, "done.lease is missing")
        try refuses(
            RawMessage.envelope {
                $0.message(Field.done) {
                    $0.message(1) { $0.data(1, id) }
                    $0.message(2) { $0.message(1) { $0.data(8, [1]) } }
                }
            }, .malformed, "done.outputs[0].hypotheses[0].segment_weights has 1 elements, and segment_scores 0")
    }

    @Test("a record's state is how a job ends, or running in a partial one")
    func recordStates() throws {
        func record(_ state: UInt64, partial: UInt64, _ write: (inout RawMessage) -> Void = { _ in }) -> [UInt8] {
            RawMessage.envelope {
                $0.message(Field.record) {
                    $0.data(2, id)
                    $0.number(3, state)
                    $0.number(12, partial)
                    write(&$0)
                }
            }
        }
        try refuses(record(3, partial: 0), .malformed, "record.state is running")
        try refuses(record(4, partial: 1), .malformed, "record.state is done")
        try refuses(record(1, partial: 0), .malformed, "record.state is 1")
        try refuses(
            record(3, partial: 1) {
                $0.message(13) {
                    $0.number(2, 5)
                    $0.number(3, 4)
                }
            }, .malformed, "record.pieces[0].end is 4, before begin, which is 5")
    }
}
