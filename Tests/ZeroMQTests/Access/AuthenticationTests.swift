import CZeroMQ
import Foundation
import Synchronization
import TestKit
import Testing
import ZeroMQ

/// The truth table of ZAP with libzmq's own sockets.
///
/// One after another, in one context that never ends: a context has one authenticator, and two contexts with CURVE in a
/// process can crash when one of them ends.
@Suite(.serialized) struct AuthenticationTests {
    private static let shared = Result { try Context() }

    let context: Context
    let server: CurveKeyPair
    let producer: CurveKeyPair
    let worker: CurveKeyPair
    let list: AllowList

    init() throws {
        context = try Self.shared.get()
        server = try .generate()
        producer = try .generate()
        worker = try .generate()
        list = AllowList([
            producer.publicKey: try .init(tenant: "acme", roles: [.producer]),
            worker.publicKey: try .init(tenant: "house", roles: [.worker]),
        ])
    }

    @Test(arguments: ["tcp", "ipc"]) func `the right key is let in, and its messages say whose they are`(
        _ transport: String
    ) throws {
        let folder = try TemporaryFolder()
        let router = try makeRouter(try Authenticator(context: context, allowing: list))
        let client = try makeClient(.curveClient(producer, server: server.publicKey))
        let monitor = try ConnectionMonitor(of: client, context: context)
        try client.connect(
            try router.bind(transport == "tcp" ? "tcp://127.0.0.1:*" : "ipc://\(folder.file("jobs").path)"))
        #expect(try monitor.awaitEvent() == .admitted)
        try client.sendWhenConnected("hello")
        let message = try router.awaitMessageFromPeer()
        #expect(message.body.identity == PeerIdentity(tenant: "acme", role: .producer))
        #expect(try router.send(Array("welcome".utf8), to: message.returnAddress) == .sent)
        #expect(try client.awaitMessage().text == "welcome")
        #expect(try client.send(frames: [[1], [2]]) == .sent)
        #expect(try router.awaitMalformed().identity == PeerIdentity(tenant: "acme", role: .producer))
    }

    @Test func `an unknown key and a key with another role are refused, and the log says why`() throws {
        let refusals = Mutex<[Refusal]>([])
        let authenticator = try Authenticator(context: context, allowing: list) { refusal in
            refusals.withLock { $0.append(refusal) }
        }
        let router = try makeRouter(authenticator)
        let endpoint = try router.bind("tcp://127.0.0.1:*")
        let stranger = try CurveKeyPair.generate()
        #expect(try firstEvent(endpoint, .curveClient(stranger, server: server.publicKey)) == .refused)
        #expect(try firstEvent(endpoint, .curveClient(worker, server: server.publicKey)) == .refused)
        authenticator.stop()
        #expect(
            refusals.withLock { $0.map(\.description) } == [
                "key \(stranger.publicKey) is not in the allow-list (from 127.0.0.1)",
                "key \(worker.publicKey) has no role that may connect as producer (from 127.0.0.1)",
            ])
    }

    @Test func `no key, and another server's key, get nowhere`() throws {
        let router = try makeRouter(try Authenticator(context: context, allowing: list))
        let endpoint = try router.bind("tcp://127.0.0.1:*")
        #expect(try firstEvent(endpoint, .none) == .failed)
        let other = try CurveKeyPair.generate().publicKey
        #expect(try firstEvent(endpoint, .curveClient(producer, server: other)) == .failed)
    }

    /// As while a server's key is being changed: the client's list has the old one and the new one.
    @Test(arguments: [("tcp", 0), ("tcp", 1), ("ipc", 0), ("ipc", 1)])
    func `a client that lists several keys reaches the server that has one of them, and hears it once`(
        _ transport: String, place: Int
    ) throws {
        let folder = try TemporaryFolder()
        let router = try makeRouter(try Authenticator(context: context, allowing: list))
        let endpoint = try router.bind(
            transport == "tcp" ? "tcp://127.0.0.1:*" : "ipc://\(folder.file("jobs").path)")
        var keys = [try CurveKeyPair.generate().publicKey]
        keys.insert(server.publicKey, at: place)
        let client = try makeClient(.curveClient(producer, servers: keys))
        try client.connect(endpoint)
        for text in ["one", "two"] {
            try client.sendWhenConnected(text)
            let message = try router.awaitMessageFromPeer()
            #expect(message.body.text == text)
            #expect(try router.send(Array("yes".utf8), to: message.returnAddress) == .sent)
            #expect(try client.awaitMessage().text == "yes")
        }
    }

    @Test func `without an authenticator nobody gets in`() throws {
        let authenticator = try Authenticator(context: context, allowing: list)
        let router = try makeRouter(authenticator)
        let endpoint = try router.bind("tcp://127.0.0.1:*")
        authenticator.stop()
        #expect(try firstEvent(endpoint, .curveClient(producer, server: server.publicKey)) == .failed)
    }

    @Test func `a new list counts for the next connection`() throws {
        let authenticator = try Authenticator(context: context, allowing: AllowList())
        let router = try makeRouter(authenticator)
        let endpoint = try router.bind("tcp://127.0.0.1:*")
        let security = Security.curveClient(producer, server: server.publicKey)
        #expect(try firstEvent(endpoint, security) == .refused)
        authenticator.replaceList(with: list)
        #expect(try firstEvent(endpoint, security) == .admitted)
        authenticator.replaceList(with: AllowList())
        #expect(try firstEvent(endpoint, security) == .refused)
    }

    @Test func `a second authenticator in a context is an error`() throws {
        let first = try Authenticator(context: context, allowing: list)
        let error = #expect(throws: ZeroMQError.self) { try Authenticator(context: context, allowing: list) }
        #expect(error?.errorNumber == EADDRINUSE)
        first.stop()
    }

    @Test func `the self-test passes when strangers are refused`() throws {
        let router = try makeRouter(try Authenticator(context: context, allowing: list))
        let endpoint = try router.bind("tcp://127.0.0.1:*")
        try SelfTest.strangerIsRefused(
            at: endpoint, server: server.publicKey, stranger: .generate(), context: context, until: patience())
    }

    @Test func `the self-test fails when nobody says no`() throws {
        let authenticator = try Authenticator(context: context, allowing: list)
        let router = try makeRouter(authenticator)
        let endpoint = try router.bind("tcp://127.0.0.1:*")
        authenticator.stop()
        let failure = #expect(throws: SelfTest.Failure.self) {
            try SelfTest.strangerIsRefused(
                at: endpoint, server: server.publicKey, stranger: .generate(), context: context,
                until: .now + .milliseconds(200))
        }
        #expect(failure?.cause == .noAnswer)
    }

    /// libzmq as it comes: a CURVE server that nobody tells whom to refuse lets everyone in.
    @Test func `the self-test fails when a server lets strangers in`() throws {
        let ownContext = try #require(zmq_ctx_new())
        let router = try #require(zmq_socket(ownContext, ZMQ_ROUTER))
        // Closed with the process: ending this context while others use CURVE is what can crash.
        var one: CInt = 1
        let secret = server.secretKey.exposedText
        try #require(zmq_setsockopt(router, ZMQ_CURVE_SERVER, &one, 4) == 0)
        try #require(zmq_setsockopt(router, ZMQ_CURVE_SECRETKEY, secret, 40) == 0)
        try #require(zmq_bind(router, "tcp://127.0.0.1:*") == 0)
        var endpoint = [CChar](repeating: 0, count: 100)
        var count = endpoint.count
        try #require(zmq_getsockopt(router, ZMQ_LAST_ENDPOINT, &endpoint, &count) == 0)
        let text = String(decoding: endpoint.prefix(count - 1).map { UInt8(truncatingIfNeeded: $0) }, as: UTF8.self)
        let failure = #expect(throws: SelfTest.Failure.self) {
            try SelfTest.strangerIsRefused(
                at: text, server: server.publicKey, stranger: .generate(), context: context, until: patience())
        }
        #expect(failure?.cause == .strangerAdmitted)
    }

    private func makeRouter(_ authenticator: Authenticator) throws -> Socket {
        var options = SocketOptions()
        options.security = .curveServer(server, domain: .producer, authenticator: authenticator)
        return try Socket(.router, in: context, options: options)
    }

    private func makeClient(_ security: Security) throws -> Socket {
        var options = SocketOptions()
        options.security = security
        return try Socket(.dealer, in: context, options: options)
    }

    private func firstEvent(_ endpoint: String, _ security: Security) throws -> ConnectionMonitor.Event {
        let client = try makeClient(security)
        let monitor = try ConnectionMonitor(of: client, context: context)
        try client.connect(endpoint)
        return try monitor.awaitEvent()
    }
}
