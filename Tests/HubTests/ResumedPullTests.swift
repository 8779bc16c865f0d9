import Dispatch
import Foundation
import Hub
import TestHub
import TestKit
import Testing

@Suite("A pull goes on after a break", .timeLimit(.minutes(5)))
struct ResumedPullTests {
    private let rig: PullRig
    private let weights = PullRig.weights(seed: 1)
    private static let half = 150_000

    init() throws { rig = try PullRig() }

    /// Cuts the first answers with weights in their middle.
    private static func cutting(
        _ count: Int = 1, status: Int = 200, before: (@Sendable () -> Void)? = nil
    ) -> LocalHub.Fault {
        { request, number in
            guard request.path == PullRig.weightsPath, number <= count else { return nil }
            var answer = LocalHub.Answer(status, ["ETag": "\"first\""], body: PullRig.weights(seed: 1))
            answer.cut = half
            answer.beforeCut = before
            return answer
        }
    }

    private func weightsRequests(_ hub: LocalHub) -> [LocalHub.Request] { hub.requests(for: PullRig.weightsPath) }

    @Test("a cut connection goes on where it was cut, if the file is still the same")
    func cut() async throws {
        let hub = try LocalHub(PullRig.repository, PullRig.files()) { request, number in
            guard request.path == PullRig.weightsPath, number == 1 else { return nil }
            // With the tag that the storage has for it.
            var answer = LocalHub.Answer(200, body: PullRig.weights(seed: 1))
            answer.cut = Self.half
            return answer
        }
        _ = try await rig.pull(hub)
        #expect(try rig.read("model.safetensors") == weights)
        #expect(weightsRequests(hub).map(\.first) == [nil, Self.half])
        #expect(rig.waits == [.seconds(1)])
    }

    @Test("another process goes on with what one has left, and asks whether the file is still the same")
    func anotherRun() async throws {
        let hub = try LocalHub(PullRig.repository, PullRig.files(), fault: Self.cutting())
        let error = await rig.failure(hub, .init(attemptsMax: 1))
        #expect(error?.code == .unreachable)
        #expect(!rig.isThere)
        #expect(rig.models.incoming.first?.byteCount ?? 0 >= Self.half)
        _ = try await rig.pull(hub)
        let requests = weightsRequests(hub)
        #expect(requests.map(\.first) == [nil, Self.half])
        // The storage's tag is another one, so it sends all of it again.
        #expect(requests.last?.fields["if-range"] == "\"first\"")
        #expect(try rig.read("model.safetensors") == weights)
        #expect(rig.models.incoming.isEmpty)
    }

    @Test("of a new commit, no part of the old one's file is used")
    func newCommit() async throws {
        let hub = try LocalHub(PullRig.repository, PullRig.files(), fault: Self.cutting())
        _ = await rig.failure(hub, .init(attemptsMax: 1))
        let others = PullRig.weights(seed: 2)
        hub.commit(String(repeating: "2", count: 40), PullRig.files(weights: others))
        _ = try await rig.pull(hub)
        #expect(weightsRequests(hub).map(\.first) == [nil, nil])
        #expect(try rig.read("model.safetensors") == others)
    }

    @Test("a part that was damaged on the disk is fetched again")
    func damagedPart() async throws {
        let hub = try LocalHub(PullRig.repository, PullRig.files()) { request, number in
            guard request.path == PullRig.weightsPath, number == 1 else { return nil }
            var answer = LocalHub.Answer(200, body: PullRig.weights(seed: 1))
            answer.cut = Self.half
            return answer
        }
        _ = await rig.failure(hub, .init(attemptsMax: 1))
        let part = try #require(rig.parts.first { $0.lastPathComponent.hasPrefix("model.safetensors") })
        var bytes = [UInt8](try Data(contentsOf: part))
        #expect(bytes.count == Self.half)
        bytes[7] ^= 1
        try Data(bytes).write(to: part)
        _ = try await rig.pull(hub)
        #expect(weightsRequests(hub).map(\.first) == [nil, Self.half, nil])
        #expect(try rig.read("model.safetensors") == weights)
    }

    @Test("a server that sends the wrong part, or knows none, is asked for all", arguments: [200, 206, 416])
    func noParts(status: Int) async throws {
        let hub = try LocalHub(PullRig.repository, PullRig.files()) { request, number in
            guard request.path == PullRig.weightsPath, number <= 2 else { return nil }
            guard number == 2 else { return Self.cutting()(request, number) }
            let all = PullRig.weights(seed: 1)
            return status == 206
                ? LocalHub.Answer(206, ["Content-Range": "bytes 5-299999/300000"], body: Array(all[5...]))
                : LocalHub.Answer(status, body: status == 200 ? all : [])
        }
        _ = try await rig.pull(hub)
        #expect(try rig.read("model.safetensors") == weights)
        #expect(weightsRequests(hub).map(\.first) == [nil, Self.half] + (status == 200 ? [] : [nil]))
    }

    @Test("a server that cuts each time at the same place is given up")
    func givenUp() async throws {
        let hub = try LocalHub(PullRig.repository, PullRig.files()) { request, _ in
            // Knows no parts.
            Self.cutting(.max)(request, 1)
        }
        let error = await rig.failure(hub)
        #expect(error?.code == .unreachable)
        #expect(rig.waits == [.seconds(1), .seconds(2), .seconds(4), .seconds(8), .seconds(16)])
    }

    @Test("a hub that is busy or broken for a while is asked again, when it wishes")
    func trouble() async throws {
        let hub = try LocalHub(PullRig.repository, PullRig.files()) { request, number in
            switch (request.path, number) {
            case ("/api/models/Org/en-fr/revision/main?blobs=true", 1): LocalHub.Answer(429, ["Retry-After": "30"])
            case ("/api/models/Org/en-fr/revision/main?blobs=true", 2): LocalHub.Answer(503)
            case (PullRig.weightsPath, 1): LocalHub.Answer(500)
            default: nil
            }
        }
        _ = try await rig.pull(hub)
        #expect(rig.waits == [.seconds(30), .seconds(2), .seconds(1)])
        let broken = try LocalHub(PullRig.repository, PullRig.files()) { _, _ in LocalHub.Answer(502) }
        #expect(await rig.failure(broken, .init(attemptsMax: 3))?.message.contains("status 502") == true)
        #expect(broken.hub.requests.count == 3)
    }

    @Test("a transfer that stalls is cut, and goes on")
    func stalled() async throws {
        let released = DispatchSemaphore(value: 0)
        // Holds the connection until the pull is over.
        let hub = try LocalHub(PullRig.repository, PullRig.files(), fault: Self.cutting(before: { released.wait() }))
        defer { released.signal() }
        _ = try await rig.pull(hub, .init(stallSeconds: 1))
        #expect(try rig.read("model.safetensors") == weights)
        #expect(weightsRequests(hub).map(\.first) == [nil, Self.half])
    }

    @Test("an interrupt keeps what has come, and ends at once")
    func interrupted() async throws {
        let released = DispatchSemaphore(value: 0)
        let stop = Stop()
        let fault = Self.cutting(before: {
            stop.request()
            released.wait()
        })
        let hub = try LocalHub(PullRig.repository, PullRig.files(), fault: fault)
        defer { released.signal() }
        #expect(await rig.failure(hub, .init(stop: stop))?.code == .interrupted)
        #expect(!rig.isThere)
        _ = try await rig.pull(hub)
        #expect(try rig.read("model.safetensors") == weights)
    }

    @Test("one process at a time pulls a model")
    func locked() async throws {
        let released = DispatchSemaphore(value: 0)
        let (arrivals, arrival) = AsyncStream<Void>.makeStream()
        let fault = Self.cutting(before: {
            arrival.yield()
            released.wait()
        })
        let hub = try LocalHub(PullRig.repository, PullRig.files(), fault: fault)
        async let first = rig.pull(hub)
        for await _ in arrivals { break }
        #expect(await rig.failure(hub)?.code == .busy)
        #expect(throws: HubError.self) { try rig.models.remove(RepositoryName(PullRig.repository)) }
        released.signal()
        _ = try await first
        #expect(try rig.read("model.safetensors") == weights)
    }
}
