import Foundation
import Hub
import TestHub
import TestKit
import Testing

@Suite("A pull ends with what was published, or with an error", .timeLimit(.minutes(5)))
struct PullTests {
    private let rig: PullRig
    private let weights = PullRig.weights(seed: 1)

    init() throws { rig = try PullRig() }

    @Test("a model is fetched whole, without what does not belong to it, and its storage never gets the token")
    func whole() async throws {
        let hub = try LocalHub(PullRig.repository, PullRig.files())
        let outcome = try await rig.pull(hub, .init(token: "hf_secret"))
        let model = outcome.model
        #expect(outcome == .pulled(model))
        #expect(model.folder == rig.folder.appending(path: "Org/en-fr").path)
        #expect(model.origin.commit == LocalHub.firstCommit)
        #expect(try rig.read("model.safetensors") == weights)
        #expect(try rig.read("target.spm") == Array("source and target".utf8))
        let names = try FileManager.default.contentsOfDirectory(atPath: model.folder).sorted()
        #expect(
            names == [".origin.json", "config.json", "model.safetensors", "source.spm", "target.spm", "vocab.json"])
        #expect(rig.models.models == [model])
        #expect(rig.models.incoming.isEmpty && rig.parts.isEmpty)
        #expect(hub.hub.requests.allSatisfy { $0.fields["authorization"] == "Bearer hf_secret" })
        #expect(hub.hub.requests[0].path == "/api/models/Org/en-fr/revision/main?blobs=true")
        #expect(!hub.storage.requests.isEmpty)
        #expect(hub.storage.requests.allSatisfy { $0.fields["authorization"] == nil })
    }

    @Test("what is there is not fetched again; what is damaged or has changed is")
    func again() async throws {
        let hub = try LocalHub(PullRig.repository, PullRig.files())
        let model = try await rig.pull(hub).model
        #expect(try await rig.pull(hub) == .unchanged(model))
        #expect(hub.requests(for: PullRig.weightsPath).count == 1)

        try Data(weights.reversed()).write(to: URL(filePath: model.folder).appending(path: "model.safetensors"))
        #expect(try await rig.pull(hub) == .pulled(model))
        #expect(try rig.read("model.safetensors") == weights)
        #expect(hub.requests(for: PullRig.weightsPath).count == 2)

        var files = PullRig.files()
        files["vocab.json"] = .init(Array(#"{"</s>": 1}"#.utf8))
        let commit = String(repeating: "2", count: 40)
        hub.commit(commit, files)
        let mapped = try FileHandle(forReadingFrom: URL(filePath: model.folder).appending(path: "vocab.json"))
        #expect(try await rig.pull(hub).model.origin.commit == commit)
        #expect(try rig.read("vocab.json") == Array(#"{"</s>": 1}"#.utf8))
        #expect(try rig.read("model.safetensors") == weights)
        #expect(hub.requests(for: PullRig.weightsPath).count == 2)
        // Who has the old file open keeps it.
        #expect(try mapped.readToEnd() == Data(#"{"</s>": 0}"#.utf8))
    }

    @Test("what has come need not come again when the model cannot be put in its place, or the process dies in that")
    func installation() async throws {
        let hub = try LocalHub(PullRig.repository, PullRig.files())
        let organisation = rig.folder.appending(path: "Org")
        try Data([1]).write(to: organisation)
        #expect(await rig.failure(hub)?.code == .unwritable)
        #expect(rig.parts.count == 5)
        try FileManager.default.removeItem(at: organisation)
        let model = try await rig.pull(hub).model
        #expect(hub.requests(for: PullRig.weightsPath).count == 1)

        let incoming = rig.folder.appending(path: ".incoming/Org--en-fr")
        try FileManager.default.createDirectory(at: incoming, withIntermediateDirectories: true)
        try FileManager.default.moveItem(atPath: model.folder, toPath: incoming.appending(path: "whole").path)
        #expect(try await rig.pull(hub) == .pulled(model))
        #expect(try rig.read("model.safetensors") == weights)
        #expect(hub.requests(for: PullRig.weightsPath).count == 1)
    }

    @Test("weights in parts are fetched through their index")
    func sharded() async throws {
        var files = PullRig.files()
        files["model.safetensors"] = nil
        files["model-1.safetensors"] = .init([1, 2, 3], isLarge: true)
        files["model-2.safetensors"] = .init([4, 5], isLarge: true)
        files["model-3.safetensors"] = .init([6], isLarge: true)
        let index = #"{"weight_map": {"a": "model-2.safetensors", "b": "model-1.safetensors"}}"#
        files["model.safetensors.index.json"] = .init(Array(index.utf8))
        let model = try await rig.pull(try LocalHub(PullRig.repository, files)).model
        #expect(try rig.read("model-1.safetensors") == [1, 2, 3])
        #expect(try rig.read("model-2.safetensors") == [4, 5])
        #expect(!model.origin.files.contains { $0.name == "model-3.safetensors" || $0.name == "pytorch_model.bin" })
    }

    @Test("an index that leads elsewhere is refused")
    func hostileIndex() async throws {
        var files = PullRig.files()
        files["model.safetensors"] = nil
        files["model.safetensors.index.json"] = .init(Array(#"{"weight_map": {"a": "../../x.safetensors"}}"#.utf8))
        #expect(await rig.failure(try LocalHub(PullRig.repository, files))?.code == .malformedAnswer)
        files = PullRig.files()
        files["../../evil"] = .init([1])
        #expect(await rig.failure(try LocalHub(PullRig.repository, files))?.code == .malformedAnswer)
        #expect(!rig.isThere)
    }

    @Test("what is not what was published is never put in place")
    func wrong() async throws {
        var files = PullRig.files()
        files["model.safetensors"]?.listedDigest = String(repeating: "a", count: 64)
        let digest = await rig.failure(try LocalHub(PullRig.repository, files))
        #expect(digest?.code == .damaged)
        #expect(digest?.subject == "Org/en-fr/model.safetensors")
        files["model.safetensors"]?.listedDigest = nil
        files["model.safetensors"]?.listedSize = weights.count + 1
        #expect(await rig.failure(try LocalHub(PullRig.repository, files))?.message.contains("found 300000") == true)
        // A server that does not say how much it sends, and sends too much.
        let endless = try LocalHub(PullRig.repository, PullRig.files()) { [weights] request, _ in
            guard request.path == PullRig.weightsPath else { return nil }
            var answer = LocalHub.Answer(200, body: weights + weights)
            answer.tellsLength = false
            return answer
        }
        #expect(await rig.failure(endless)?.problem == "more comes than was published")
        #expect(!rig.isThere)
    }

    @Test("a disk with too little room is told of before anything is fetched")
    func room() async throws {
        let hub = try LocalHub(PullRig.repository, PullRig.files())
        let error = await rig.failure(hub, .init(freeBytes: 1 << 20))
        #expect(error?.code == .unwritable)
        #expect(error?.message.contains("too little room") == true)
        #expect(hub.requests(for: PullRig.weightsPath).isEmpty)
    }

    @Test("repositories, revisions and hubs that are not there, or are closed, are told apart")
    func refusals() async throws {
        let hub = try LocalHub(PullRig.repository, PullRig.files()) { request, _ in
            switch request.path {
            case "/api/models/Org/gated/revision/main?blobs=true": LocalHub.Answer(403, ["X-Error-Code": "GatedRepo"])
            case "/api/models/Org/en-fr/revision/refs%2Fpr%2F1?blobs=true":
                LocalHub.Answer(404, ["X-Error-Code": "RevisionNotFound"])
            case "/api/models/Org/page/revision/main?blobs=true": LocalHub.Answer(200, body: Array("<html>".utf8))
            default: nil
            }
        }
        #expect(await rig.failure(hub, .init(repository: "Org/none"))?.code == .notFound)
        #expect(await rig.failure(hub, .init(repository: "Org/gated"))?.code == .forbidden)
        #expect(await rig.failure(hub, .init(repository: "Org/page"))?.code == .malformedAnswer)
        #expect(await rig.failure(hub, .init(revision: "refs/pr/1"))?.message.contains("no such revision") == true)
        #expect(await rig.failure(hub, .init(revision: ""))?.code == .invalidName)
        #expect(await rig.failure(hub, .init(repository: "../etc"))?.code == .invalidName)
        // Nothing listens there.
        let unreachable = await rig.failure(hub, .init(attemptsMax: 2, endpoint: "http://127.0.0.1:1"))
        #expect(unreachable?.code == .unreachable)
        #expect(rig.waits == [.seconds(1)])
        // What failed has left nothing.
        #expect(rig.models.incoming.isEmpty)
    }

    @Test("redirections end, and lead to HTTP only", arguments: ["/loop", "ftp://127.0.0.1/x", "file:///etc/passwd"])
    func redirections(location: String) async throws {
        let hub = try LocalHub(PullRig.repository, PullRig.files()) { request, _ in
            request.path.contains("resolve") || request.path == "/loop"
                ? LocalHub.Answer(302, ["Location": location]) : nil
        }
        #expect(await rig.failure(hub)?.code == .refused)
        #expect(!rig.isThere)
    }

    @Test("models are listed and removed, and a folder that was not pulled stays")
    func removal() async throws {
        let hub = try LocalHub(PullRig.repository, PullRig.files())
        let model = try await rig.pull(hub).model
        #expect(try rig.models.remove(model.name))
        #expect(!rig.isThere && rig.models.models.isEmpty)
        #expect(try !rig.models.remove(model.name))

        let own = rig.folder.appending(path: PullRig.repository)
        try FileManager.default.createDirectory(at: own, withIntermediateDirectories: true)
        try Data([1]).write(to: own.appending(path: "mine"))
        #expect(await rig.failure(hub)?.problem == "something is there that was not pulled")
        #expect(try !rig.models.remove(model.name))
        #expect(try rig.read("mine") == [1])
        #expect(hub.requests(for: PullRig.weightsPath).count == 1)
    }
}
