import Foundation
import JobModel
import TestKit
import Testing

/// The broker is a process of its own, so that what it takes of memory can be told.
@Suite(
    "I6: what a broker takes of memory does not grow with connections", .ownThread, .serialized,
    .timeLimit(.minutes(10)), .enabled(if: BuiltProgram.isExpected))
struct FloodTests {
    private static let inflight = 8 << 20
    /// What `limits.inflight_bytes_max` promises, and what is made of messages while they are dealt with.
    private static let bound = inflight + 64_000_000

    private func cluster() throws -> Cluster {
        try Cluster(["LIMITS_INFLIGHT_BYTES_MAX": "\(Self.inflight)"])
    }

    @Test("whole messages of many producers at once")
    func messages() throws {
        let cluster = try cluster()
        try cluster.requireHealth()
        let idle = try cluster.broker.residentMemory()
        // 192 MB. No worker has the model, so each is refused when it has been read.
        let text = String(repeating: "This is one of very many sentences. ", count: 28_000)
        let producers = try (0..<48).map { _ in try cluster.producer() }
        let job = Job(text, model: "nowhere")
        for _ in 0..<4 { for producer in producers { try producer.send(.submit([job])) } }
        for _ in 0..<4 {
            for producer in producers {
                try producer.wait(for: "a verdict") { if case .submitReply = $0.body { () } else { nil } }
            }
        }
        let busy = try cluster.broker.residentMemory()
        #expect(busy.peak - idle.now < Self.bound, "\(idle.now) bytes idle, \(busy.peak) at the most")
        try requireGivenBack(by: cluster, to: idle.now)
        try cluster.requireHealth()
    }

    @Test("messages of many producers that all but end, and one that is honest", arguments: [1 << 20, 4 << 20])
    func halfSent(size: Int) throws {
        let cluster = try cluster()
        try cluster.requireHealth()
        let idle = try cluster.broker.residentMemory()
        let endpoint = cluster.endpoint(size > 1 << 20 ? "work" : "jobs")
        // 200 MB, if all of it were taken.
        var flood = try (0..<(200 << 20) / size).map { _ in HalfSent(try RawPeer(endpoint: endpoint), bytes: size) }
        for half in flood { try half.peer.shakeHands() }
        try pour(&flood)
        // A message of its own, as large as theirs if it may be, finds room beside them.
        let honest = try cluster.producer()
        let text = String(repeating: "A sentence. ", count: 80_000)
        #expect(try honest.rejection(of: Job(text, model: "nowhere")).code == .unsupported)
        try pour(&flood)
        try cluster.requireHealth()
        let busy = try cluster.broker.residentMemory()
        #expect(busy.peak - idle.now < Self.bound, "\(idle.now) bytes idle, \(busy.peak) at the most")
        flood = []
        try requireGivenBack(by: cluster, to: idle.now)
        try cluster.requireHealth()
    }

    @Test("subscriptions of observers, long ones and many", arguments: [1 << 20, 2000])
    func subscriptions(size: Int) throws {
        let cluster = try cluster()
        try cluster.requireHealth()
        let idle = try cluster.broker.residentMemory()
        var random = SeededRandom(seed: 5)
        // 8 MB at least; libzmq would make sixty times as much of them.
        for _ in 0..<8 {
            let observer = try RawPeer(endpoint: cluster.endpoint("feed"))
            try observer.shakeHands(as: "SUB")
            for _ in 0..<max(1, (1 << 20) / size) {
                let subscription = [1] + (1..<size).map { _ in UInt8(random.integer(0...255)) }
                guard (try? observer.write(RawPeer.header(bytes: size) + subscription)) != nil else { break }
            }
            #expect(observer.hasEnded())
        }
        let busy = try cluster.broker.residentMemory()
        #expect(busy.peak - idle.now < Self.bound, "\(idle.now) bytes idle, \(busy.peak) at the most")
        try cluster.requireHealth()
    }

    @Test("where descriptors are few, connections that find none are closed, nothing spins, and it passes")
    func fewDescriptors() async throws {
        let cluster = try Cluster(openFilesMaximum: 100)
        let before = try cluster.broker.processorTime()
        let start = ContinuousClock.now
        var peers: [RawPeer] = []
        for _ in 0..<300 { peers.append(try RawPeer(endpoint: cluster.endpoint("jobs"))) }
        try cluster.broker.waitForLog("connections, which is the most")
        // Long enough for a loop that spins to show.
        try await Task.sleep(for: .seconds(2))
        let used = try cluster.broker.processorTime() - before
        #expect(used < (ContinuousClock.now - start) / 4, "\(used)")
        #expect(cluster.broker.log.split(separator: "\n").count { $0.contains("connection closed") } <= 10)
        peers = []
        try cluster.requireHealth()
    }

    @Test("with too few descriptors to serve anyone a broker does not start, and says how many it needs")
    func tooFewDescriptors() async throws {
        let cluster = try Cluster(openFilesMaximum: 48, isToStart: false)
        #expect(await cluster.broker.waitForExit() != 0)
        #expect(cluster.broker.log.contains("this process may have 48, and a broker needs 96 or more"))
    }

    /// Sends on until nothing has been taken for a second, or for five: those whose messages stand still are closed one after
    /// the other, and the next ones get on.
    private func pour(_ flood: inout [HalfSent]) throws {
        let start = ContinuousClock.now
        var last = start
        while ContinuousClock.now - last < .seconds(1), ContinuousClock.now - start < .seconds(5) {
            var count = 0
            for index in flood.indices { count += flood[index].sendSome() }
            if count > 0 { last = .now } else { usleep(10_000) }
        }
    }

    private func requireGivenBack(by cluster: Cluster, to idle: Int) throws {
        let deadline = ContinuousClock.now + Peer.patience
        var now = try cluster.broker.residentMemory().now
        while now > idle + 40_000_000 {
            try #require(ContinuousClock.now < deadline, "\(now) bytes stay, of which \(idle) were there before")
            usleep(50_000)
            now = try cluster.broker.residentMemory().now
        }
    }

    /// A message whose last byte is never sent.
    private struct HalfSent {
        let peer: RawPeer
        private let message: [UInt8]
        private var sent = 0
        private var hasEnded = false

        init(_ peer: RawPeer, bytes: Int) {
            self.peer = peer
            message = RawPeer.header(bytes: bytes) + [UInt8](repeating: 0, count: bytes - 1)
        }

        /// - Returns: How many bytes were taken.
        mutating func sendSome() -> Int {
            guard !hasEnded, sent < message.count else { return 0 }
            guard let count = peer.offer(message[sent...]) else {
                hasEnded = true
                return 0
            }
            sent += count
            return count
        }
    }
}
