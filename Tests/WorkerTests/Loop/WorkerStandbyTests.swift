import Addresses
import JobModel
import Synchronization
import Testing
import Worker
import ZeroMQ

@Suite("A worker on the wire, with a broker that has standbys", .timeLimit(.minutes(10)))
struct WorkerStandbyTests {
    private func moves(_ bench: Bench) -> [AddressMove] {
        bench.reports.all.withLock { $0.compactMap { if case .moved(let move) = $0 { move } else { nil } } }
    }

    @Test("what it holds goes with it to the next address, done or not, and that is said once")
    func follow() async throws {
        let bench = try Bench(brokers: ["a,b,c"])
        try await bench.run {
            var first: ScriptedBroker? = try bench.broker("a")
            _ = try first?.welcome()
            try first?.send(.assign(Assign(1)))
            #expect(try first?.done().lease == LeaseName(1))
            first = nil
            let second = try bench.broker("c")
            let hello = try second.welcome(epoch: 2) { $0.leases }
            #expect(hello.leases == [LeaseName(1)])
            #expect(try second.done().lease == LeaseName(1))
            try second.send(.settled([LeaseName(1)]))
            try second.send(.assign(Assign(2)))
            #expect(try second.done().lease == LeaseName(2))
            try second.send(.settled([LeaseName(2)]))
            bench.worker.drain()
            _ = try second.goodbye()
        }
        let (a, b, c) = (bench.endpoint("a"), bench.endpoint("b"), bench.endpoint("c"))
        let moves = moves(bench)
        #expect(moves.first == AddressMove(from: a, to: b, isSilent: false))
        #expect(moves.count { $0.from == a } == 1)
        let welcomes = bench.reports.all.withLock { reports in
            reports.compactMap {
                if case .welcomed(let endpoint, let epoch) = $0 { "\(endpoint) \(epoch)" } else { nil }
            }
        }
        #expect(welcomes == ["\(a) 1", "\(c) 2"])
    }

    @Test("one that begins when only the last is active finds it, by the addresses of a name")
    func names() async throws {
        // All of 127.0.0.0/8 is this host, so that no two tests meet.
        let hosts = (0..<2).map { _ in
            "127.\(Int.random(in: 10...250)).\(Int.random(in: 10...250)).\(Int.random(in: 10...250))"
        }
        let bench = try Bench {
            $0.endpoints = ["tcp://brokers.invalid:7412"]
            $0.resolver = Resolver { $0 == "brokers.invalid" ? hosts : [] }
        }
        try await bench.run {
            let broker = try ScriptedBroker("tcp://\(hosts[1]):7412", context: bench.context)
            #expect(try broker.welcome().window == 4096)
            _ = try broker.beat()
            bench.worker.drain()
            _ = try broker.goodbye()
        }
        #expect(bench.reports.all.withLock { $0.contains { $0.isWelcome(at: "tcp://\(hosts[1]):7412") } })
    }

    @Test("when none can be reached it says so of all, with the reasons")
    func none() async throws {
        let bench = try Bench(brokers: ["a,b"])
        async let ended: Void = bench.worker.run()
        var complaint: (endpoint: String, problem: String)?
        while complaint == nil {
            await Task.yield()
            complaint = bench.reports.all.withLock { reports in
                reports.lazy.compactMap { report in
                    guard case .unconnected(let endpoint, let problem, _) = report else { return nil }
                    return (endpoint, problem)
                }.first
            }
        }
        bench.worker.drain()
        try await ended
        let (a, b) = (bench.endpoint("a"), bench.endpoint("b"))
        #expect(complaint?.endpoint == "\(a), \(b)")
        #expect(
            complaint?.problem
                == "\(a), \(b) cannot be reached: \(a): No such file or directory; \(b): No such file or directory")
    }

    @Test("a list with a mistake is an error at once")
    func mistake() throws {
        #expect(throws: BrokerAddresses.Invalid.self) { try Bench(brokers: ["a,a"]) }
    }
}

extension WorkerReport {
    fileprivate func isWelcome(at place: String) -> Bool {
        if case .welcomed(let endpoint, _) = self { endpoint == place } else { false }
    }
}
