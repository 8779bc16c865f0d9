import Foundation
import TestKit
import Testing
import ZeroMQ

@Suite struct RoundTripTests {
    let context: Context
    let folder: TemporaryFolder

    init() throws {
        context = try Context()
        folder = try TemporaryFolder()
    }

    @Test(arguments: ["tcp", "ipc"]) func `a dealer's message arrives, and the answer comes back`(
        _ transport: String
    ) throws {
        let router = try Socket(.router, in: context)
        let endpoint = try router.bind(transport == "tcp" ? "tcp://127.0.0.1:*" : "ipc://\(folder.file("jobs").path)")
        #expect(!endpoint.contains("*"))
        let dealer = try Socket(.dealer, in: context)
        try dealer.connect(endpoint)
        try dealer.sendWhenConnected("Where is the station?")

        let question = try router.awaitMessageFromPeer()
        #expect(question.body.text == "Where is the station?")
        #expect(!question.returnAddress.isDelimited)
        let peerAddress = question.body.peerAddress ?? ""
        #expect(transport == "tcp" ? peerAddress == "127.0.0.1" : peerAddress.hasPrefix("localhost:\(getuid()):"))
        #expect(try router.send(Array("Où est la gare ?".utf8), to: question.returnAddress) == .sent)
        let answer = try dealer.awaitMessage()
        #expect(answer.text == "Où est la gare ?")
    }

    @Test func `a plain REQ socket gets the delimiter that it expects`() throws {
        let router = try Socket(.router, in: context)
        let req = try Socket(.req, in: context)
        try req.connect(try router.bind("tcp://127.0.0.1:*"))
        for round in 1...3 {
            try req.sendWhenConnected("question \(round)")
            let question = try router.awaitMessageFromPeer()
            #expect(question.body.text == "question \(round)")
            #expect(question.returnAddress.isDelimited)
            #expect(try router.send(Array("answer \(round)".utf8), to: question.returnAddress) == .sent)
            let answer = try req.awaitMessage()
            #expect(answer.text == "answer \(round)")
        }
    }

    @Test func `a REQ socket's second send in a row is an error that says so`() throws {
        let router = try Socket(.router, in: context)
        let req = try Socket(.req, in: context)
        try req.connect(try router.bind("tcp://127.0.0.1:*"))
        try req.sendWhenConnected("first")
        let error = #expect(throws: ZeroMQError.self) { try req.send([]) }
        #expect(error?.description.contains("zmq_send") == true)
        #expect(error?.remedy == "a REQ or REP socket sends and receives in turn")
    }

    @Test func `an empty body is a message`() throws {
        let router = try Socket(.router, in: context)
        let dealer = try Socket(.dealer, in: context)
        try dealer.connect(try router.bind("tcp://127.0.0.1:*"))
        try dealer.sendWhenConnected("")
        let message = try router.awaitMessageFromPeer()
        #expect(message.body.count == 0)
        #expect(!message.returnAddress.isDelimited)
        #expect(try router.send([], to: message.returnAddress) == .sent)
        #expect(try dealer.awaitMessage().bytes == [])
    }

    @Test func `a message of megabytes arrives whole`() throws {
        var options = SocketOptions()
        options.frameBytesMaximum = 64 << 20
        let router = try Socket(.router, in: context, options: options)
        let dealer = try Socket(.dealer, in: context, options: options)
        try dealer.connect(try router.bind("tcp://127.0.0.1:*"))
        let bytes = [UInt8](unsafeUninitializedCapacity: 32 << 20) { buffer, count in
            for index in buffer.indices { buffer[index] = UInt8(truncatingIfNeeded: index &* 2_654_435_761 >> 13) }
            count = buffer.count
        }
        try dealer.await(.writable)
        #expect(try dealer.send(bytes) == .sent)
        let message = try router.awaitMessageFromPeer()
        let isEqual = message.body.bytes == bytes
        #expect(isEqual)
    }

    @Test func `subscribers get the topics that they asked for`() throws {
        let feed = try Socket(.xpub, in: context)
        let subscriber = try Socket(.sub, in: context)
        try subscriber.connect(try feed.bind("tcp://127.0.0.1:*"))
        try subscriber.subscribe(to: "acme.".utf8)
        // An XPUB is told of subscriptions: 1 and the prefix.
        #expect(try feed.awaitMessage().bytes == [1] + Array("acme.".utf8))
        try feed.publish(Array("not for us".utf8), topic: Array("other.".utf8))
        try feed.publish(Array("for us".utf8), topic: Array("acme.tickets".utf8))
        let publication = try subscriber.awaitPublication()
        #expect(publication.topic == Array("acme.tickets".utf8))
        #expect(publication.body.text == "for us")
    }

    @Test func `with no connection, a dealer's send would block`() throws {
        let dealer = try Socket(.dealer, in: context)
        try dealer.connect("ipc://\(folder.file("nobody").path)")
        #expect(try dealer.send([1]) == .wouldBlock)
        let router = try Socket(.router, in: context)
        try router.bind("tcp://127.0.0.1:*")
        guard case .wouldBlock = try router.receiveFromPeer() else {
            Issue.record("received something from nobody")
            return
        }
    }

    @Test func `a dealer whose peer does not read is told to wait, not made to`() throws {
        var options = SocketOptions()
        options.sendQueueMaximum = 4
        options.receiveQueueMaximum = 4
        let router = try Socket(.router, in: context, options: options)
        let dealer = try Socket(.dealer, in: context, options: options)
        try dealer.connect(try router.bind("ipc://\(folder.file("jobs").path)"))
        try dealer.await(.writable)
        let body = [UInt8](repeating: 7, count: 100_000)
        var sent = 0
        // Queues and the system's buffers hold some; not a thousand.
        while sent < 1000, try dealer.send(body) == .sent { sent += 1 }
        #expect((4..<1000).contains(sent))
        for _ in 0..<sent { #expect(try router.awaitMessageFromPeer().body.count == body.count) }
    }

    /// libzmq's heartbeats ended the process here: https://github.com/zeromq/libzmq/issues/4364.
    @Test func `a peer may leave while more of it waits than the queue holds`() throws {
        var options = SocketOptions()
        options.receiveQueueMaximum = 4
        let router = try Socket(.router, in: context, options: options)
        do {
            let dealer = try Socket(.dealer, in: context)
            try dealer.connect(try router.bind("ipc://\(folder.file("jobs").path)"))
            try dealer.await(.writable)
            for _ in 0..<200 { _ = try dealer.send([UInt8](repeating: 7, count: 10_000)) }
            usleep(200_000)
        }
        // Longer than any heartbeat's interval was.
        usleep(2_500_000)
        while case .message(let message) = try router.receiveFromPeer() { #expect(message.body.count == 10_000) }
        let other = try Socket(.dealer, in: context)
        try other.connect("ipc://\(folder.file("jobs").path)")
        try other.sendWhenConnected("still there?")
        var texts: Set<String> = []
        while !texts.contains("still there?") { texts.insert(try router.awaitMessageFromPeer().body.text) }
    }
}
