import Foundation
import Hub
import Synchronization
import TestHub
import TestKit

/// A folder of models, and pulls into it from a hub on this host.
final class PullRig: Sendable {
    static let repository = "Org/en-fr"

    let folder: URL
    let models: ModelsFolder
    private let temporary: Box
    private let log = Mutex<[Duration]>([])

    /// `TemporaryFolder` is not Sendable; only this object holds it, and deletes it.
    private struct Box: @unchecked Sendable {
        let folder: TemporaryFolder
    }

    init() throws {
        let temporary = try TemporaryFolder()
        self.temporary = Box(folder: temporary)
        folder = temporary.url
        models = ModelsFolder(temporary.url.path)
    }

    /// The waits before requests were made again, none of which took time.
    var waits: [Duration] { log.withLock(\.self) }

    struct Setting: Sendable {
        var stop = Stop()
        var attemptsMax = RetryPolicy().attemptsMax
        var stallSeconds = CurlTransport.Limits().stallSeconds
        var freeBytes: UInt64 = 1 << 40
        var token: String?
        var revision = "main"
        var repository = PullRig.repository
        var endpoint: String?
    }

    /// Pulls on a thread of its own, which waits for sockets.
    func pull(_ hub: LocalHub, _ setting: Setting = Setting()) async throws -> Pull.Outcome {
        try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread { continuation.resume(with: Result { try self.run(hub, setting) }) }
        }
    }

    private func run(_ hub: LocalHub, _ setting: Setting) throws -> Pull.Outcome {
        var environment = ["HF_ENDPOINT": setting.endpoint ?? hub.hub.address]
        environment["HF_TOKEN"] = setting.token
        var limits = CurlTransport.Limits()
        limits.stallSeconds = setting.stallSeconds
        var policy = RetryPolicy()
        policy.attemptsMax = setting.attemptsMax
        let transport = try CurlTransport(
            limits: limits, userAgent: "test", environment: environment, stop: setting.stop)
        let client = HubClient(
            endpoint: try HubEndpoint(environment: environment), transport: transport, stop: setting.stop,
            policy: policy
        ) { wait in
            self.log.withLock { $0.append(wait) }
            return !setting.stop.isRequested
        }
        return try Pull(
            RepositoryName(setting.repository), revision: setting.revision, to: models, client: client,
            freeBytes: { _ in setting.freeBytes }
        ).run()
    }

    /// The error of a pull that fails.
    func failure(_ hub: LocalHub, _ setting: Setting = Setting()) async -> HubError? {
        do {
            _ = try await pull(hub, setting)
            return nil
        } catch {
            return error as? HubError
        }
    }

    /// The contents of a model's file.
    func read(_ name: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: folder.appending(path: "\(Self.repository)/\(name)")))
    }

    var isThere: Bool { FileManager.default.fileExists(atPath: folder.appending(path: Self.repository).path) }

    /// The paths of the parts that are there.
    var parts: [URL] {
        let incoming = folder.appending(path: ".incoming/Org--en-fr")
        return ((try? FileManager.default.contentsOfDirectory(atPath: incoming.path)) ?? [])
            .filter { $0 != "lock" && !$0.hasSuffix(".etag") }.map { incoming.appending(path: $0) }
    }

    /// As OPUS-MT's repositories are, with weights of some size.
    static func files(weights: [UInt8] = PullRig.weights(seed: 1)) -> [String: LocalHub.File] {
        [
            "config.json": .init(Array(#"{"model_type": "marian"}"#.utf8)),
            "vocab.json": .init(Array(#"{"</s>": 0}"#.utf8)),
            "source.spm": .init(Array("source and target".utf8)), "target.spm": .init(Array("source and target".utf8)),
            "model.safetensors": .init(weights, isLarge: true),
            "pytorch_model.bin": .init([1], isLarge: true), "README.md": .init([2]), "run.py": .init([3]),
        ]
    }

    static func weights(seed: UInt64, count: Int = 300_000) -> [UInt8] {
        var random = SeededRandom(seed: seed)
        return (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
    }

    static let weightsPath = "/stored/model.safetensors"
}
