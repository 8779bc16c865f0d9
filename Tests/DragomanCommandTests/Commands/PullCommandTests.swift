import DragomanCommand
import DragomanEngine
import Foundation
import Hub
import TestHub
import TestKit
import Testing

/// `dragoman model pull`, `list` and `remove`, and `--model` with a name, with the built executable and a hub on this host.
@Suite(.enabled(if: BuiltExecutable.isExpected), .timeLimit(.minutes(5)))
struct PullCommandTests {
    private static let name = "Helsinki-NLP/demo-en-fr"
    private let folder: TemporaryFolder
    private let models: String

    init() throws {
        folder = try TemporaryFolder()
        models = folder.file("models").path
    }

    /// - Parameter hub: nil: none is to be asked.
    private func run(_ script: String, hub: String? = nil) async throws -> BuiltExecutable {
        let environment = """
            export HOME=\(folder.url.path) DRAGOMAN_MODELS=\(models) HF_ENDPOINT=\(hub ?? "http://127.0.0.1:1")
            unset HF_TOKEN http_proxy https_proxy all_proxy HTTP_PROXY HTTPS_PROXY ALL_PROXY no_proxy NO_PROXY
            """
        return try await BuiltExecutable(shell: "\(environment)\n\(script)")
    }

    private static func demo(fault: @escaping LocalHub.Fault = { _, _ in nil }) throws -> LocalHub {
        try LocalHub(name, LocalHub.files(of: Translator.demoModel), fault: fault)
    }

    @Test func `a model is pulled, listed, used by its name, and removed`() async throws {
        let hub = try Self.demo()
        let pulled = try await run("dragoman model pull \(Self.name)", hub: hub.hub.address)
        #expect(pulled.status == 0, "\(pulled.messages)")
        #expect(pulled.output == "\(models)/\(Self.name)\n")
        #expect(pulled.messages.contains("dragoman: model.safetensors: 14.7 MB\n"))
        #expect(!pulled.messages.contains("\u{1B}"))

        let listed = try await run("dragoman model list")
        #expect(
            listed.output.hasPrefix("\(Self.name)  15.6 MB  main 111111111111  \(models)/\(Self.name)"),
            "\(listed.output)")
        #expect(try await run("dragoman model list --json").output.contains(#""is_complete":true"#))

        for name in [Self.name, "demo-en-fr"] {
            let translated = try await run(
                "echo 'Where is the train station?' | dragoman translate --model \(name) --threads 1")
            #expect(translated.output == "Où se trouve la gare ?\n", "\(translated.messages)")
        }
        #expect(try await run("dragoman model inspect demo-en-fr").output.contains("en"))
        let settings = """
            models: {demo: {directory: \(Self.name)}, other: {directory: Org/absent}}
            """
        try folder.write("dragoman.yaml", settings)
        let checked = try await run("dragoman check --config \(folder.file("dragoman.yaml").path)")
        #expect(!checked.messages.contains("models.demo"))
        #expect(
            checked.messages.contains("models.other: \(models)/Org/absent: there is no such folder"),
            "\(checked.messages)")

        let again = try await run("dragoman model pull \(Self.name)", hub: hub.hub.address)
        #expect(again.messages == "dragoman: \(Self.name): unchanged, commit 111111111111\n")
        let removed = try await run("dragoman model remove demo-en-fr")
        #expect((removed.status, removed.output, removed.messages) == (0, "", ""))
        #expect(try await run("dragoman model list").output.isEmpty)
        #expect(try await run("dragoman model remove demo-en-fr").status == 66)
    }

    @Test(
        arguments: [
            ("translate --model Org/en-fr", "to fetch it: dragoman model pull Org/en-fr"),
            ("model inspect en-fr", "dragoman model pull ORGANISATION/NAME fetches one"),
            ("bench --model ./en-fr", "there is no such folder"),
            ("model import Org/en-fr --output /tmp/x", "dragoman model pull Org/en-fr"),
            ("model check Org/en-fr", "dragoman model pull Org/en-fr"),
            ("model time Org/en-fr", "dragoman model pull Org/en-fr"),
        ])
    func `a model that is not there is told of with how to fetch it`(arguments: String, expected: String) async throws {
        let run = try await run("dragoman \(arguments) </dev/null")
        #expect(run.status == 78)
        #expect(run.messages.contains(expected), "\(run.messages)")
    }

    @Test func `what cannot be pulled has a status of its own`() async throws {
        let hub = try Self.demo().hub.address
        let none = try await run("dragoman model pull Org/none", hub: hub)
        #expect(none.status == 66, "\(none.messages)")
        #expect(try await run("dragoman model pull ../../etc", hub: hub).status == 64)
        #expect(try await run("HF_ENDPOINT=ftp://x dragoman model pull Org/none").status == 64)
        let busy = try Self.demo { request, _ in
            request.path.contains("/api/") ? LocalHub.Answer(429, ["Retry-After": "9999"]) : nil
        }
        let refused = try await run("dragoman model pull \(Self.name)", hub: busy.hub.address)
        #expect(refused.status == 69)
        #expect(refused.messages.contains("asked too often"))
        let unwritable = try await run("DRAGOMAN_MODELS=/proc/models dragoman model pull \(Self.name)", hub: hub)
        #expect(unwritable.status == 74)
        #expect(unwritable.messages.contains("DRAGOMAN_MODELS"))
    }

    @Test func `a full disk keeps what has come, and the next run goes on`() async throws {
        let hub = try Self.demo()
        // In blocks of 1,024 bytes.
        let full = try await run("ulimit -f 5000; dragoman model pull \(Self.name)", hub: hub.hub.address)
        #expect(full.status == 74, "\(full.messages)")
        #expect(full.messages.contains("goes on where it stopped"))
        let listed = try await run("dragoman model list")
        #expect(listed.output.contains("incomplete  to go on: dragoman model pull \(Self.name)"), "\(listed.output)")
        #expect(try await run("dragoman model pull \(Self.name)", hub: hub.hub.address).status == 0)
        let requests = hub.requests(for: "/stored/model.safetensors")
        #expect(requests.map(\.first) == [nil, 5000 * 1024])
        #expect(try await run("dragoman model list").output.hasPrefix("\(Self.name)  15.6 MB"))
    }

    @Test func `an interrupt says how to go on, and ends by its signal`() async throws {
        let released = DispatchSemaphore(value: 0)
        let (arrivals, arrival) = AsyncStream<Void>.makeStream()
        let hub = try Self.demo { request, number in
            guard request.path == "/stored/model.safetensors", number == 1 else { return nil }
            var answer = LocalHub.Answer(200, body: [UInt8](repeating: 0, count: 14_657_482))
            answer.cut = 1000
            answer.beforeCut = {
                arrival.yield()
                released.wait()
            }
            return answer
        }
        defer { released.signal() }
        let log = folder.file("log")
        let environment = [
            "DRAGOMAN_MODELS": models, "HF_ENDPOINT": hub.hub.address, "http_proxy": "", "HTTP_PROXY": "",
        ]
        let pull = try DaemonProcess(
            BuiltProgram.path("dragoman"), ["model", "pull", Self.name], environment: environment, log: log)
        for await _ in arrivals { break }
        pull.send(SIGINT)
        #expect(await pull.end() == .signal(SIGINT))
        let messages = try String(contentsOf: log, encoding: .utf8)
        #expect(messages.contains("are kept; to go on: dragoman model pull \(Self.name)\n"), "\(messages)")
    }

    @Test func `a proxy of the environment is asked in the hub's place`() async throws {
        let hub = try Self.demo()
        let name = Self.name
        let proxy = try HTTPServer { request in
            guard request.path.hasPrefix("http://hub.invalid/") else { return .init(400) }
            return .init(302, ["Location": hub.hub.address + request.path.dropFirst("http://hub.invalid".count)])
        }
        let script = "http_proxy=\(proxy.address) no_proxy=127.0.0.1 dragoman model pull \(name)"
        let pulled = try await run(script, hub: "http://hub.invalid")
        #expect(pulled.status == 0, "\(pulled.messages)")
        #expect(proxy.requests.first?.path == "http://hub.invalid/api/models/\(name)/revision/main?blobs=true")
    }

    @Test func `names are whole or their last part, and folders go before them`() throws {
        let places = [ModelsFolder(models), ModelsFolder(folder.file("shared").path)]
        for name in ["models/A/en-fr", "models/A/en-de", "shared/B/en-de", "shared/A/en-fr"] {
            try FileManager.default.createDirectory(at: folder.file(name), withIntermediateDirectories: true)
            let origin = #"{"endpoint": "", "repository": "", "revision": "", "commit": "", "files": []}"#
            try folder.write("\(name)/.origin.json", origin)
        }
        #expect(try ModelArgument.path("A/en-fr", in: places) == "\(models)/A/en-fr")
        #expect(try ModelArgument.path("B/en-de", in: places) == folder.file("shared/B/en-de").path)
        // The same model in both folders is not ambiguous.
        #expect(try ModelArgument.path("en-fr", in: places) == "\(models)/A/en-fr")
        let several = try #require(throws: HubError.self) { try ModelArgument.path("en-de", in: places) }
        #expect(several.message.contains("found A/en-de, B/en-de"))
        #expect(try ModelArgument.path(folder.url.path, in: places) == folder.url.path)
        #expect(try ModelArgument.path("./en-fr", in: places) == "./en-fr")
        #expect(throws: HubError.self) { try ModelArgument.path("A/en-it", in: places) }
        // What is not there yet may come to be pulled, or to be a folder here.
        func expected(_ text: String) -> [String] { ModelArgument.expectedFolders(text, in: places).map(\.path) }
        #expect(expected("A/en-fr") == ["\(models)/A/en-fr"])
        #expect(expected("A/en-it").prefix(2) == ["\(models)/A/en-it", folder.file("shared/A/en-it").path])
        #expect(expected("A/en-it").last?.hasSuffix("A/en-it") == true)
        #expect(expected("A/en-it").count == 3)
        #expect(expected("./A/en-it").count == 1)
    }
}
