import Addresses
import DragomanClient
import Foundation
import JobModel
import Synchronization
import TestKit
import Testing

/// The brokers here have sockets that are real, and a store that is a set. A standby is an address at which nothing listens.
@Suite("The client, with a broker that has standbys", .timeLimit(.minutes(10)))
struct ClientStandbyTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// What brokers over one store share.
    private final class Store: Sendable {
        let ids = Mutex<Set<JobID>>([])

        func accept(_ request: Envelope) -> Envelope {
            guard case .submit(let jobs) = request.body else { return request.answer(.statusReport(StatusReport())) }
            let verdicts = jobs.map { job in
                Verdict(job: job.id, .accepted(duplicate: !ids.withLock { $0.insert(job.id).inserted }))
            }
            return request.answer(.submitReply(verdicts))
        }

        func waitForJobs(_ count: Int) async {
            while ids.withLock({ $0.count }) < count { await Task.yield() }
        }
    }

    private final class Moves: Sendable {
        private let lines = Mutex<[String]>([])
        func add(_ line: String) { lines.withLock { $0.append(line) } }
        var all: [String] { lines.withLock(\.self) }
    }

    private func endpoint(_ name: String) -> String { "ipc://\(folder.file(name).path)" }

    private func list(_ names: String...) -> String { names.map(endpoint).joined(separator: ",") }

    private func client(_ change: (inout Client.Settings) -> Void) throws -> Client {
        var settings = Client.Settings()
        settings.answerTimeout = .seconds(30)
        change(&settings)
        return try Client(settings)
    }

    @Test("a client that begins when only the last is active finds it")
    func last() async throws {
        let store = Store()
        let broker = try ScriptedBroker(at: endpoint("c")) { request, _ in [store.accept(request)] }
        defer { broker.stop() }
        let client = try client { $0.jobsEndpoints = [list("a", "b", "c")] }
        let jobs = Job.tests(0..<100)
        let verdicts = try await client.submit(jobs)
        #expect(verdicts == jobs.map { Verdict(job: $0.id, .accepted(duplicate: false)) })
        #expect(client.address(of: 0) == endpoint("c"))
    }

    @Test("what the last broker accepted without saying so is accepted as a duplicate by the next")
    func failover() async throws {
        let store = Store()
        let first = try ScriptedBroker(at: endpoint("a")) { request, number in
            let answer = store.accept(request)
            // On the disk, but nobody hears of it.
            return number == 0 ? [answer] : []
        }
        let moves = Moves()
        let client = try client {
            $0.jobsEndpoints = [list("a", "b")]
            $0.onMove = moves.add
        }
        #expect(try await client.submit(.test(1)) == false)
        async let verdicts = client.submit(Job.tests(10..<13))
        await store.waitForJobs(4)
        first.stop()
        let second = try ScriptedBroker(at: endpoint("b")) { request, _ in [store.accept(request)] }
        defer { second.stop() }
        #expect(try await verdicts.map(\.outcome) == Array(repeating: .accepted(duplicate: true), count: 3))
        #expect(client.address(of: 0) == endpoint("b"))
        #expect(moves.all == ["broker at \(endpoint("a")) has closed the connection; trying \(endpoint("b"))"])
    }

    @Test("a broker that is silent, though its connection is there, is left for the next")
    func silent() async throws {
        let store = Store()
        let first = try ScriptedBroker(at: endpoint("a")) { request, number in
            number == 0 ? [store.accept(request)] : []
        }
        defer { first.stop() }
        let second = try ScriptedBroker(at: endpoint("b")) { request, _ in [store.accept(request)] }
        defer { second.stop() }
        let moves = Moves()
        let client = try client {
            $0.jobsEndpoints = [list("a", "b")]
            $0.answerTimeout = .milliseconds(500)
            $0.onMove = moves.add
        }
        // However slow the machine, one of the first broker's answers comes in time.
        var number = 0
        while client.address(of: 0) == list("a", "b") {
            number += 1
            try await client.submit(.test(number))
        }
        #expect(try await client.submit([.test(1000)]).count == 1)
        #expect(client.address(of: 0) == endpoint("b"))
        #expect(moves.all.allSatisfy { $0.hasPrefix("broker at ipc://") && $0.contains(" is silent; trying ipc://") })
    }

    @Test("one whose process is stopped takes connections and says nothing, and is passed over")
    func stopped() async throws {
        let store = Store()
        let mute = try MutePlace(at: Self.host())
        defer { withExtendedLifetime(mute) {} }
        let place = "tcp://\(Self.host()):7411"
        let broker = try ScriptedBroker(at: place) { request, _ in [store.accept(request)] }
        defer { broker.stop() }
        let client = try client { $0.jobsEndpoints = ["\(mute.endpoint),\(place)"] }
        #expect(try await client.submit(.test(1)) == false)
        #expect(client.address(of: 0) == place)
    }

    @Test("a name that has several addresses is a list of these")
    func names() async throws {
        let store = Store()
        let (a, b) = (Self.host(), Self.host())
        let first = try ScriptedBroker(at: "tcp://\(a):7411") { request, _ in [store.accept(request)] }
        let client = try client {
            $0.jobsEndpoints = ["tcp://brokers.invalid:7411"]
            $0.resolver = Resolver { $0 == "brokers.invalid" ? [a, b] : [] }
        }
        #expect(try await client.submit(.test(1)) == false)
        #expect(client.address(of: 0) == "tcp://\(a):7411")
        first.stop()
        let second = try ScriptedBroker(at: "tcp://\(b):7411") { request, _ in [store.accept(request)] }
        defer { second.stop() }
        #expect(try await client.submit(.test(1)) == true)
        #expect(client.address(of: 0) == "tcp://\(b):7411")
    }

    @Test("when none answers, the error names all that were tried")
    func none() async throws {
        let client = try client { $0.jobsEndpoints = [list("a", "b")] }
        let error = await #expect(throws: ClientError.self) {
            try await client.status(patience: .milliseconds(300))
        }
        #expect(error?.code == .noAnswer)
        #expect(error?.message.contains("at \(endpoint("a")), \(endpoint("b")) for 0.3 s") == true)
    }

    @Test("when none of a name's addresses answers, the error names them")
    func noneOfName() async throws {
        let client = try client {
            $0.resultsEndpoints = ["tcp://brokers.invalid:7413"]
            $0.resolver = Resolver { _ in ["127.9.9.1", "127.9.9.2"] }
        }
        var options = Results.Options()
        options.patience = .milliseconds(300)
        let results = client.results(consumer: "reader", options: options)
        let error = await #expect(throws: ClientError.self) { try await results.position() }
        #expect(
            error?.message.contains("tcp://brokers.invalid:7413 (tcp://127.9.9.1:7413, tcp://127.9.9.2:7413)") == true,
            "\(error?.message ?? "")")
    }

    @Test("a reader goes on at the next broker where it was at the last, without a gap and without a repetition")
    func results() async throws {
        let log = LogScript(last: 40)
        let names = ["a", "b", "c"]
        var broker = try ScriptedBroker(at: endpoint("a")) { request, _ in log.answers(to: request, upTo: 10) }
        let client = try client { $0.resultsEndpoints = [list("a", "b", "c")] }
        let results = client.results(consumer: "reader")
        var iterator = results.makeAsyncIterator()
        for sequence in 1...40 {
            #expect(try await iterator.next()?.sequence == UInt64(sequence))
            results.acknowledge(upTo: UInt64(sequence))
            guard sequence.isMultiple(of: 10), sequence < 40 else { continue }
            broker.stop()
            let end = UInt64(sequence + 10)
            broker = try ScriptedBroker(at: endpoint(names[sequence / 10 % 3])) { request, _ in
                log.answers(to: request, upTo: end)
            }
        }
        await results.close()
        broker.stop()
        #expect(log.cursor == 40)
    }

    @Test(
        "a list with a mistake is an error at once",
        arguments: ["tcp://a:1,,tcp://b:1", "tcp://a:1,ipc:///b", "tcp://a:1,tcp://a:1", "tcp://a:1,b"])
    func mistakes(text: String) throws {
        for change in [{ $0.jobsEndpoints = [text] }, { $0.resultsEndpoints = [text] }]
            as [(inout Client.Settings) -> Void]
        {
            let error = #expect(throws: ClientError.self) { try client(change) }
            #expect(error?.code == .connection)
            #expect(error?.message.contains("\"\(text)\" are not the addresses of a broker") == true)
        }
    }

    /// One of its own: all of 127.0.0.0/8 is this host, so that no two tests meet.
    private static func host() -> String {
        func part() -> Int { .random(in: 10...250) }
        return "127.\(part()).\(part()).\(part())"
    }
}
