import Foundation
import Gateway
import Logging
import Synchronization
import TestKit
import Testing

@Suite("The server, to clients good and bad", .serialized)
struct ServerTests {
    /// Runs a server while the body does something to it, on a thread of its own, as it waits in system calls.
    private func withServer(
        _ change: (inout GatewayServer.Settings) -> Void = { _ in },
        answer: @escaping GatewayServer.Answer = { request in
            var response = WebResponse(200)
            response.body = .bytes(Array("\(request.method) \(request.path) \(request.body.count)".utf8))
            return response
        },
        _ body: @escaping @Sendable (Int) throws -> Void
    ) async throws {
        var settings = GatewayServer.Settings()
        settings.port = 0
        change(&settings)
        let server = try GatewayServer(
            settings, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, answer: answer)
        let (ports, port) = AsyncStream<Int>.makeStream()
        let serving = Task { try await server.run { port.yield($0) } }
        var iterator = ports.makeAsyncIterator()
        let listening = try #require(await iterator.next())
        try await withCheckedThrowingContinuation { continuation in
            Thread { continuation.resume(with: Result { try body(listening) }) }.start()
        }
        // A service that ends is told so twice: when it is to drain, and when it is to stop.
        server.drain()
        server.drain()
        try await serving.value
    }

    private static func get(_ path: String, _ rest: String = "") -> [UInt8] {
        Array("GET \(path) HTTP/1.1\r\nHost: a\r\n\(rest)\r\n".utf8)
    }

    private static func post(_ path: String, _ body: String) -> [UInt8] {
        Array("POST \(path) HTTP/1.1\r\nHost: a\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)".utf8)
    }

    @Test("requests follow each other on a connection, also when they are sent at once")
    func keepAlive() async throws {
        try await withServer { port in
            let connection = try RawConnection(port: port)
            for index in 0..<3 {
                connection.send(Self.post("/\(index)", "abc"))
                #expect(connection.read(through: "POST /\(index) 3").hasPrefix("HTTP/1.1 200"))
            }
            connection.send(Self.post("/a", "1") + Self.post("/b", "22") + Self.get("/c"))
            let answers = connection.read(through: "GET /c 0")
            #expect(answers.contains("POST /a 1") && answers.contains("POST /b 2"))
        }
    }

    @Test("HEAD has no body")
    func head() async throws {
        try await withServer { port in
            let connection = try RawConnection(port: port)
            connection.send("HEAD /x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n".utf8)
            let answer = connection.read()
            #expect(answer.hasPrefix("HTTP/1.1 200"))
            #expect(answer.hasSuffix("\r\n\r\n"))
        }
    }

    @Test("a body that is too large is refused, whether its length is said or not")
    func largeBody() async throws {
        let refusals = Box(Mutex<[Int]>([]))
        try await withServer {
            $0.bodyBytes = 1000
            $0.onRefusal = { status in refusals.value.withLock { $0.append(status) } }
        } _: { port in
            let said = try RawConnection(port: port)
            said.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000000000\r\n\r\n".utf8)
            #expect(said.read().hasPrefix("HTTP/1.1 413"))
            let chunked = try RawConnection(port: port)
            chunked.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n".utf8)
            let chunk = "200\r\n\(String(repeating: "a", count: 512))\r\n"
            for _ in 0..<4 { chunked.send(chunk.utf8) }
            #expect(chunked.read().hasPrefix("HTTP/1.1 413"))
            let fits = try RawConnection(port: port)
            fits.send(Self.post("/", String(repeating: "a", count: 1000)))
            #expect(fits.read(through: "1000").hasPrefix("HTTP/1.1 200"))
        }
        #expect(refusals.value.withLock { $0 } == [413, 413])
    }

    @Test("a request that trickles is ended, and keeps nobody waiting")
    func trickle() async throws {
        let refusals = Box(Mutex<[Int]>([]))
        try await withServer {
            $0.arrival = .milliseconds(500)
            $0.onRefusal = { status in refusals.value.withLock { $0.append(status) } }
        } _: { port in
            let slow = try RawConnection(port: port)
            slow.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n".utf8)
            let begin = ContinuousClock.now
            while ContinuousClock.now - begin < .seconds(20), slow.send("a".utf8) { usleep(20_000) }
            #expect(ContinuousClock.now - begin < .seconds(20))
            let quick = try RawConnection(port: port)
            quick.send(Self.get("/quick"))
            #expect(quick.read(through: "/quick").hasPrefix("HTTP/1.1 200"))
            let stuck = try RawConnection(port: port)
            stuck.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\nabc".utf8)
            #expect(stuck.read().hasPrefix("HTTP/1.1 408"))
        }
        // Each once, though its body was cut off with it.
        #expect(refusals.value.withLock { $0 } == [408, 408])
    }

    @Test("a connection that says nothing is ended")
    func idle() async throws {
        try await withServer {
            $0.idle = .milliseconds(300)
        } _: { port in
            let silent = try RawConnection(port: port)
            #expect(try silent.readToEnd() == "")
            let half = try RawConnection(port: port)
            half.send("GET / HT".utf8)
            #expect(try half.readToEnd().count < 200)
        }
    }

    @Test("connections above the limit are told to come again")
    func connections() async throws {
        let refusals = Box(Mutex<[Int]>([]))
        try await withServer {
            $0.connections = 2
            $0.onRefusal = { status in refusals.value.withLock { $0.append(status) } }
        } _: { port in
            let first = try RawConnection(port: port)
            let second = try RawConnection(port: port)
            for path in ["/1", "/2"] {
                first.send(Self.get(path))
                second.send(Self.get(path))
                #expect(first.read(through: path).hasPrefix("HTTP/1.1 200"))
                #expect(second.read(through: path).hasPrefix("HTTP/1.1 200"))
            }
            let third = try RawConnection(port: port)
            third.send(Self.get("/3"))
            let refusal = third.read()
            #expect(refusal.hasPrefix("HTTP/1.1 503"))
            #expect(refusal.contains("Retry-After: 1"))
        }
        #expect(refusals.value.withLock { $0 } == [503])
    }

    @Test("what is no HTTP is refused, and what is cut off is no request")
    func noHTTP() async throws {
        let counter = Box(Mutex(0))
        try await withServer(answer: { _ in
            counter.value.withLock { $0 += 1 }
            return WebResponse(200)
        }) { port in
            for bytes in [
                "\u{16}\u{3}\u{1}hello\r\n\r\n", "GET\r\n\r\n", "POST / HTTP/1.1\r\nContent-Length: x\r\n\r\n",
            ] {
                let connection = try RawConnection(port: port)
                connection.send(bytes.utf8)
                #expect(!connection.read().hasPrefix("HTTP/1.1 200"))
            }
            do {
                let cut = try RawConnection(port: port)
                cut.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc".utf8)
            }
            let huge = try RawConnection(port: port)
            huge.send("GET / HTTP/1.1\r\nHost: a\r\nX: \(String(repeating: "a", count: 100_000))\r\n\r\n".utf8)
            #expect(!huge.read().hasPrefix("HTTP/1.1 200"))
        }
        #expect(counter.value.withLock { $0 } == 0)
    }

    @Test("when a client hangs up, what it asked for is cancelled")
    func hangup() async throws {
        let (began, begin) = AsyncStream<Void>.makeStream()
        let (ended, end) = AsyncStream<Bool>.makeStream()
        try await withServer(answer: { _ in
            begin.yield()
            // For ever, unless it is cancelled.
            try? await Task.sleep(for: .seconds(600))
            end.yield(Task.isCancelled)
            return WebResponse(200)
        }) { port in
            do {
                let connection = try RawConnection(port: port)
                connection.send(Self.get("/"))
                let semaphore = DispatchSemaphore(value: 0)
                Task {
                    for await _ in began { break }
                    semaphore.signal()
                }
                semaphore.wait()
            }
        }
        var iterator = ended.makeAsyncIterator()
        #expect(await iterator.next() == true)
    }

    @Test("an address that another has is an error that says so")
    func taken() async throws {
        try await withServer { port in
            var settings = GatewayServer.Settings()
            settings.port = port
            let second = try GatewayServer(settings, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }) {
                _ in
                WebResponse(200)
            }
            let semaphore = DispatchSemaphore(value: 0)
            let error = Box(Mutex<GatewayBindError?>(nil))
            Task {
                do { try await second.run { _ in } } catch let found as GatewayBindError {
                    error.value.withLock { $0 = found }
                }
                semaphore.signal()
            }
            semaphore.wait()
            #expect(error.value.withLock { $0 }?.isInUse == true)
        }
    }

    @Test("a hundred slow clients stop nobody")
    func manySlow() async throws {
        try await withServer { port in
            var slow: [RawConnection] = []
            for _ in 0..<100 {
                let connection = try RawConnection(port: port)
                connection.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\nabc".utf8)
                slow.append(connection)
            }
            let quick = try RawConnection(port: port)
            for index in 0..<20 {
                quick.send(Self.get("/\(index)"))
                #expect(quick.read(through: "/\(index) ").hasPrefix("HTTP/1.1 200"))
            }
            withExtendedLifetime(slow) {}
        }
    }
}

/// For closures that outlive the value's scope.
final class Box<Value: ~Copyable & Sendable>: Sendable {
    let value: Value
    init(_ value: consuming Value) { self.value = value }
}
