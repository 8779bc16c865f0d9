import JobModel
import TestKit
import Testing
import Wire
import ZeroMQ

@Suite(
    "What is no message of the protocol is refused, and disturbs nobody", .ownThread, .timeLimit(.minutes(5)),
    .enabled(if: BuiltProgram.isExpected))
struct MalformedFrameTests {
    private static let correlation: [UInt8] = [7]

    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        var bytes: [UInt8]
        var code: Fault.Code
        var message: String
        var isAnswerToRequest = true

        var testDescription: String { name }
    }

    private static func job(_ write: (inout RawMessage) -> Void) -> [UInt8] {
        RawMessage.envelope { envelope in
            envelope.message(10) { submit in
                submit.message(1) { job in
                    job.data(1, [UInt8](repeating: 1, count: 16))
                    write(&job)
                }
            }
        }
    }

    private static func text(_ bytes: [UInt8]) -> [UInt8] { job { $0.message(6) { $0.data(1, bytes) } } }

    static let cases = [
        Case(
            name: "garbage", bytes: Array(repeating: 0xff, count: 100), code: .malformed, message: "not an Envelope",
            isAnswerToRequest: false),
        Case(name: "nothing", bytes: [], code: .version, message: "version is 0", isAnswerToRequest: false),
        Case(
            name: "text of another protocol", bytes: Array("GET / HTTP/1.1\r\n\r\n".utf8), code: .malformed,
            message: "not an Envelope", isAnswerToRequest: false),
        Case(
            name: "another version",
            bytes: RawMessage {
                $0.number(1, 2)
                $0.data(2, correlation)
                $0.data(16, [])
            }.bytes, code: .version, message: "version is 2"),
        Case(name: "no body", bytes: RawMessage.envelope { _ in }, code: .malformed, message: "no body"),
        Case(
            name: "two bodies",
            bytes: RawMessage.envelope {
                $0.data(16, [])
                $0.data(16, [])
            }, code: .malformed, message: "2 bodies"),
        Case(
            name: "a body that nobody knows", bytes: RawMessage.envelope { $0.data(99, []) }, code: .unexpected,
            message: "field 99"),
        Case(
            name: "a body for another socket", bytes: RawMessage.envelope { $0.message(50) { $0.data(1, [97]) } },
            code: .unexpected, message: "jobs socket"),
        Case(
            name: "groups in groups",
            bytes: RawMessage.envelope { $0.raw(Array(repeating: 0x0b, count: 58_000)) }, code: .malformed,
            message: "not an Envelope"),
        Case(
            name: "messages of two bytes that cost hundreds",
            bytes: RawMessage.envelope { $0.data(10, Array(repeatElement([0x0a, 0], count: 250_000).joined())) },
            code: .tooLarge, message: "unpacks to more than"),
        Case(name: "NUL", bytes: text(Array("a\0b".utf8)), code: .malformed, message: "sources[0].text has a NUL"),
        Case(name: "invalid UTF-8", bytes: text([0xc3]), code: .malformed, message: "sources[0].text is not UTF-8"),
        Case(
            name: "an unknown value of an enum", bytes: job { $0.message(7) { $0.number(8, 99) } }, code: .malformed,
            message: "early_stopping is 99"),
        Case(
            name: "an id of 15 bytes",
            bytes: RawMessage.envelope { $0.message(14) { $0.data(1, Array(repeating: 1, count: 15)) } },
            code: .malformed, message: "job_id has 15 bytes"),
        Case(
            name: "a correlation of 65 bytes",
            bytes: RawMessage.envelope(correlation: Array(repeating: 1, count: 65)) { $0.data(16, []) },
            code: .malformed, message: "at most 64", isAnswerToRequest: false),
    ]

    @Test("each kind is answered with what was wrong")
    func kinds() throws {
        let cluster = try Cluster(["BROKER_OFFENCES_MAX": "10000"])
        let peer = try cluster.producer()
        for kind in Self.cases {
            try peer.send(bytes: kind.bytes)
            let answer = try peer.receive()
            guard case .fault(let fault) = answer.body else {
                Issue.record("\(kind.name): \(answer.body)")
                continue
            }
            #expect(fault.code == kind.code, "\(kind.name): \(fault)")
            #expect(fault.message.contains(kind.message), "\(kind.name): \(fault)")
            #expect(answer.correlation == (kind.isAnswerToRequest ? Self.correlation : []), "\(kind.name)")
        }
        // Who made mistakes is still heard.
        _ = try peer.status()
        try cluster.requireHealth()
    }

    @Test("every socket refuses garbage, and who has not said who it is", arguments: ["jobs", "work", "results"])
    func everySocket(name: String) throws {
        let cluster = try Cluster()
        let peer = try Peer(at: cluster.endpoint(name))
        try peer.send(bytes: [0xff])
        #expect(try peer.fault().code == .malformed)
        if name != "jobs" {
            for body in [Envelope.Body.statusQuery(), .detach, .goodbye(unstarted: [])] {
                try peer.send(body)
                #expect(try peer.fault().code == .unknownPeer)
            }
        }
        try cluster.requireHealth()
    }

    @Test("a message of 5,000 frames is one refusal, whatever is in them")
    func manyFrames() throws {
        let cluster = try Cluster()
        let peer = try cluster.producer()
        try peer.send(frames: Array(repeating: Array(repeating: 1, count: 200), count: 5000))
        let fault = try peer.fault()
        #expect(fault.code == .malformed)
        #expect(fault.message.contains("5000"), "\(fault)")
        _ = try peer.status()
        try cluster.requireHealth()
    }

    @Test("a frame that is too large closes the connection; the others, and the next one, are served")
    func oversize() throws {
        let cluster = try Cluster(["BROKER_CLIENT_FRAME_BYTES_MAX": "4096"])
        let producer = try cluster.producer()
        _ = try producer.status()
        let peer = try cluster.producer()
        try peer.waitForConnection()
        try peer.send(bytes: Array(repeating: 0, count: 4097))
        // It had been connected before, so this is another connection.
        try peer.waitForConnection()
        _ = try peer.status()
        _ = try producer.status()
        try cluster.requireHealth()
    }

    @Test("who sends nothing but garbage is not heard for a time, and others are")
    func ban() throws {
        let cluster = try Cluster(["BROKER_OFFENCES_MAX": "3"])
        let peer = try cluster.producer()
        for _ in 0..<3 {
            try peer.send(bytes: [0xff])
            #expect(try peer.fault().code == .malformed)
        }
        try cluster.broker.waitForLog("peer is not heard any more")
        try peer.send(.statusQuery())
        try cluster.requireHealth()
        #expect(try peer.next(within: .milliseconds(200)) == nil)
    }

    @Test("a REQ socket is answered as it expects")
    func request() throws {
        let cluster = try Cluster()
        let peer = try Peer(.req, at: cluster.endpoint("jobs"))
        _ = try peer.status()
        try peer.send(bytes: [0xff])
        #expect(try peer.fault().code == .malformed)
        _ = try peer.status()
        try cluster.requireHealth()
    }
}
