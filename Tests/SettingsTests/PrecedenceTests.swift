import Settings
import Testing

@Suite("The environment goes over the file, and the file over the default")
struct PrecedenceTests {
    @Test("a key in both has the environment's value, and says so")
    func environmentOverFile() throws {
        let report = try read(
            "broker:\n  lease_ms: 20000\n  ban_ms: 7\n", environment: ["DRAGOMAN_BROKER_LEASE_MS": "25000"])
        #expect(report.problems == [])
        #expect(report.settings.broker.leaseMs == 25_000)
        #expect(report.settings.broker.banMs == 7)
        #expect(report.settings.broker.drainMs == 30_000)
        let sources = Dictionary(uniqueKeysWithValues: report.entries.map { ($0.key, $0.source) })
        #expect(sources["broker.lease_ms"] == .environment(variable: "DRAGOMAN_BROKER_LEASE_MS"))
        guard case .file(let path, 3) = sources["broker.ban_ms"] else {
            Issue.record("\(String(describing: sources["broker.ban_ms"]))")
            return
        }
        #expect(path.hasSuffix("/dragoman.yaml"))
        #expect(sources["broker.drain_ms"] == .default)
    }

    @Test("each key's default, written to its variable, is read back from there")
    func everyVariable() {
        for (section, setting) in keys {
            let text = setting.text(Settings())
            // Lists are written with commas, and texts without quotes.
            let plain = text.replacing(#/[\[\]"]/#, with: "")
            let variable = "DRAGOMAN_\(section)_\(setting.name)".uppercased()
            let report = Settings.read(file: nil, environment: [variable: plain])
            #expect(report.problems == [])
            #expect(report.settings == Settings())
            #expect(report.entries.filter { $0.source != .default }.map(\.key) == ["\(section).\(setting.name)"])
        }
    }

    @Test(
        "one broker's addresses are a text, a text with commas, or a list",
        arguments: [
            ("tcp://a:1", ["tcp://a:1"]), ("'tcp://a:1, tcp://b:1'", ["tcp://a:1", "tcp://b:1"]),
            ("['tcp://a:1', 'tcp://b:1']", ["tcp://a:1", "tcp://b:1"]), ("[]", []), ("''", []),
            ("'ipc:///run/a,b'", ["ipc:///run/a,b"]),
        ])
    func addresses(text: String, expected: [String]) throws {
        let fromFile = try read("worker:\n  work_endpoint: \(text)\nclient: {results_endpoint: \(text)}\n")
        #expect(fromFile.problems == [])
        #expect(fromFile.settings.worker.workEndpoint == expected)
        #expect(fromFile.settings.client.resultsEndpoint == expected)
        let plain = text.replacing(#/[\[\]']/#, with: "")
        let fromEnvironment = Settings.read(file: nil, environment: ["DRAGOMAN_CLIENT_JOBS_ENDPOINT": plain])
        #expect(fromEnvironment.problems == [])
        #expect(fromEnvironment.settings.client.jobsEndpoint == expected)
        let entry = try #require(fromEnvironment.entries.first { $0.key == "client.jobs_endpoint" })
        let written = try read("client:\n  jobs_endpoint: \(entry.value)\n")
        #expect(written.settings.client.jobsEndpoint == expected)
    }

    @Test("one broker with standbys is one broker, and several are several")
    func brokers() throws {
        #expect(Settings().workEndpoints == ["tcp://127.0.0.1:7412"])
        #expect(Settings().clientJobsEndpoints == ["tcp://127.0.0.1:7411"])
        #expect(Settings().clientResultsEndpoint == "tcp://127.0.0.1:7413")
        let one = try read(
            "worker: {work_endpoint: ['tcp://a:1', 'tcp://b:1']}\nclient: {results_endpoint: 'tcp://a:3,tcp://b:3'}")
        #expect(one.settings.workEndpoints == ["tcp://a:1,tcp://b:1"])
        #expect(one.settings.clientResultsEndpoint == "tcp://a:3,tcp://b:3")
        let several = try read("client: {jobs_endpoints: ['tcp://a:1,tcp://b:1', 'tcp://c:1']}")
        #expect(several.problems == [])
        #expect(several.settings.clientJobsEndpoints == ["tcp://a:1,tcp://b:1", "tcp://c:1"])
    }

    @Test("values of every kind are read from both")
    func kinds() throws {
        let yaml = """
            worker:
              work_endpoints: ["tcp://a:1", 'ipc:///run/b']
            access:
              insecure_remote: true
            log:
              level: debug
            store:
              directory: /data
            models:
              pt:
                directory: /m/pt
                source_language: en
                target_language: pt-BR
                precision: float32
              demo-en-fr:
            """
        let fromFile = try read(yaml)
        #expect(fromFile.problems == [])
        #expect(fromFile.settings.worker.workEndpoints == ["tcp://a:1", "ipc:///run/b"])
        #expect(fromFile.settings.access.insecureRemote)
        #expect(fromFile.settings.log.level == .debug)
        #expect(fromFile.settings.store.directory == "/data")
        #expect(fromFile.settings.models.map(\.name) == ["pt", "demo-en-fr"])
        #expect(fromFile.settings.models[0].precision == .float32)
        #expect(fromFile.settings.models[1] == .demo)
        let changed = try read(
            yaml,
            environment: [
                "DRAGOMAN_WORKER_WORK_ENDPOINTS": "tcp://c:1, tcp://d:2", "DRAGOMAN_ACCESS_INSECURE_REMOTE": "false",
                "DRAGOMAN_LOG_LEVEL": "error", "DRAGOMAN_STORE_DIRECTORY": "",
                "DRAGOMAN_MODELS_PT_PRECISION": "int8", "DRAGOMAN_MODELS_DEMO_EN_FR_PRELOAD": "no",
            ])
        #expect(changed.problems == [])
        #expect(changed.settings.worker.workEndpoints == ["tcp://c:1", "tcp://d:2"])
        #expect(!changed.settings.access.insecureRemote)
        #expect(changed.settings.log.level == .error)
        #expect(changed.settings.store.directory == nil)
        #expect(changed.settings.models[0].precision == .int8)
        #expect(!changed.settings.models[1].preload)
    }

    @Test("no file, an empty file and sections without keys are the defaults")
    func nothingSet() throws {
        #expect(Settings.read(file: nil, environment: ["PATH": "/bin", "DRAGOMAN_ISA": "avx2"]).problems == [])
        for text in ["", "# nothing\n", "---\n", "broker:\nmodels:\n", "broker: {}\nmodels: {}\n"] {
            let report = try read(text)
            #expect(report.problems == [])
            #expect(report.settings == Settings())
        }
    }

    @Test("workers and clients connect to the file's own broker unless told otherwise")
    func ownBroker() throws {
        #expect(Settings().workEndpoints == ["tcp://127.0.0.1:7412"])
        var settings = Settings()
        settings.broker.jobsEndpoint = "tcp://0.0.0.0:1"
        settings.broker.workEndpoint = "tcp://[::]:2"
        settings.broker.resultsEndpoint = "ipc:///run/r"
        #expect(settings.clientJobsEndpoints == ["tcp://127.0.0.1:1"])
        #expect(settings.workEndpoints == ["tcp://[::1]:2"])
        #expect(settings.clientResultsEndpoint == "ipc:///run/r")
        settings.worker.workEndpoints = ["tcp://a:1", "tcp://b:1"]
        #expect(settings.workEndpoints == ["tcp://a:1", "tcp://b:1"])
    }
}
