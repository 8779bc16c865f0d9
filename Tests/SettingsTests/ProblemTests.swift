import Settings
import TestKit
import Testing

@Suite("A problem says where it is, what it is and what to do")
struct ProblemTests {
    @Test(
        "a value that is not of its key's form names the form, the bounds and the unit",
        arguments: [
            ("broker:\n  lease_ms: soon", "broker.lease_ms is \"soon\"", "a whole number of ms from 20 to 3600000"),
            ("broker:\n  lease_ms: 1.5", "broker.lease_ms is \"1.5\"", "a whole number of ms"),
            ("broker:\n  lease_ms: 19", "broker.lease_ms is \"19\"", "from 20 to 3600000; the default is 30000"),
            ("broker:\n  lease_ms: 3600001", "broker.lease_ms is \"3600001\"", "from 20 to 3600000"),
            ("broker:\n  lease_ms: 99999999999999999999", "broker.lease_ms is", "from 20 to 3600000"),
            ("broker:\n  lease_ms: [1, 2]", "broker.lease_ms is [1, 2]", "a whole number"),
            ("broker:\n  lease_ms: {a: 1}", "broker.lease_ms is a mapping", "a plain value"),
            ("broker:\n  lease_ms:", "broker.lease_ms has no value", "delete the line"),
            ("broker:\n  lease_ms: ~", "broker.lease_ms has no value", "delete the line"),
            ("worker:\n  model_idle_unload_ms: 999", "is \"999\"", "or 0: never"),
            ("worker:\n  work_endpoints: a:1", "is \"a:1\"", "a list of at most 64"),
            ("worker:\n  work_endpoints: [[a]]", "is a list of more than plain values", "a plain value"),
            ("worker:\n  work_endpoints: ['tcp://*:7412']", "tcp://*:7412", "not a wildcard"),
            ("worker:\n  work_endpoint: 'tcp://a:1,,tcp://b:1'", "is \"tcp://a:1,,tcp://b:1\"", "a list of at most 16"),
            ("worker:\n  work_endpoint: ['tcp://a:1', 'ipc:///b']", "is [tcp://a:1, ipc:///b]", "of one kind"),
            ("worker:\n  work_endpoint: ['tcp://a:1', 'tcp://a:1']", "[tcp://a:1, tcp://a:1]", "different ones"),
            ("worker:\n  work_endpoint: ['tcp://a:1', '']", "is [tcp://a:1, ]", "tcp://HOST:PORT"),
            ("client:\n  jobs_endpoint: 'tcp://*:1'", "is \"tcp://*:1\"", "not a wildcard"),
            ("client:\n  jobs_endpoints: ['tcp://a:1,tcp://a:1']", "client.jobs_endpoints is", "at most 64"),
            ("worker:\n  instance: a b", "is \"a b\"", "a name of 1 to 64"),
            ("broker:\n  jobs_endpoint: 127.0.0.1:7411", "is \"127.0.0.1:7411\"", "tcp://HOST:PORT or ipc://PATH"),
            ("broker:\n  jobs_endpoint: ''", "is \"\"", "tcp://HOST:PORT or ipc://PATH"),
            ("access:\n  insecure_remote: 2", "is \"2\"", "true or false"),
            ("access:\n  server_public_key: short", "is \"short\"", "40 Z85 characters"),
            ("log:\n  level: loud", "is \"loud\"", "one of trace, debug, info"),
            ("models:\n  a b: {directory: /m}", "\"a b\" is no model's name", "1 to 64 letters"),
            ("models:\n  a: /m", "models.a is \"/m\"", "indent its keys"),
            ("broker:\n  - lease_ms", "broker is [lease_ms]", "indent its keys"),
            ("models:\n  - name: a", "models is a list of more than plain values", "write each model as NAME:"),
        ])
    func badValues(text: String, what: String, remedy: String) throws {
        let report = try read(text)
        let problem = try #require(report.problems.first)
        #expect(report.problems.count == 1)
        #expect(problem.what.contains(what))
        #expect(problem.remedy.contains(remedy))
        #expect(problem.line == (text.hasPrefix("broker:\n  -") || text.hasPrefix("models:\n  -") ? 1 : 2))
        #expect(report.settings == Settings() || text.contains("models"))
        #expect(throws: InvalidSettings.self) { try report.validated() }
    }

    @Test("a bad variable is named, and the default holds")
    func badVariable() {
        let report = Settings.read(
            file: nil, environment: ["DRAGOMAN_BROKER_LEASE_MS": "", "DRAGOMAN_LOG_LEVEL": "INFO"])
        #expect(report.problems.map(\.place) == ["DRAGOMAN_BROKER_LEASE_MS", "DRAGOMAN_LOG_LEVEL"])
        #expect(report.settings == Settings())
        #expect(report.entries.allSatisfy { $0.source == .default })
    }

    @Test("each of its bounds is a number's value, and one beyond is not")
    func bounds() {
        for (section, setting) in keys {
            guard let match = setting.form.firstMatch(of: #/from (\d+) to (\d+)/#), let least = Int(match.1),
                let most = Int(match.2)
            else { continue }
            let variable = "DRAGOMAN_\(section)_\(setting.name)".uppercased()
            func isTaken(_ value: Int) -> Bool {
                let report = Settings.read(file: nil, environment: [variable: String(value)])
                return setting.text(report.settings) == String(value)
            }
            #expect(isTaken(least) && isTaken(most), "\(variable)")
            #expect(!isTaken(most + 1) && !isTaken(-1), "\(variable)")
            #expect(least == 0 || isTaken(0) == setting.form.contains("or 0:"), "\(variable)")
        }
    }

    @Test("unknown keys, sections and variables are named with what was probably meant")
    func unknownKeys() throws {
        let text = """
            brokr:
              lease_ms: 1
            broker:
              leese_ms: 1
              threads: 2
              ? [complex]
              : 1
            broker.lease_ms: 1
            models:
              a:
                directory: /m
                langauge: en
            zzz: 1
            """
        let report = try read(
            text,
            environment: [
                "DRAGOMAN_BROKER_LEAS_MS": "1", "DRAGOMAN_BROKR_LEASE_MS": "1", "DRAGOMAN_LOG_COLOUR_AND_STYLE": "1",
                "DRAGOMAN_MODELS_OTHER_THING_ENTIRELY": "/m", "DRAGOMAN_ISA": "avx2",
                "DRAGOMAN_IDENTITY_SENTENCES": "1",
            ])
        let found = report.problems.map { "\($0.line.map(String.init) ?? $0.place) \($0.what); \($0.remedy)" }
        let expected = [
            "1 there is no section brokr; did you mean broker?",
            "4 there is no key broker.leese_ms; did you mean broker.lease_ms?",
            "5 there is no key broker.threads; did you mean worker.threads?",
            "6 there is no key broker.?; delete it; there are: broker.jobs_endpoint,",
            "8 there is no section broker.lease_ms; did you mean broker.lease_ms?",
            "12 there is no key models.a.langauge; ",
            "13 there is no section zzz; delete it; there are: broker, limits",
            "DRAGOMAN_BROKER_LEAS_MS this environment variable sets no key; did you mean DRAGOMAN_BROKER_LEASE_MS?",
            "DRAGOMAN_BROKR_LEASE_MS this environment variable sets no key; did you mean DRAGOMAN_BROKER_LEASE_MS?",
            "DRAGOMAN_LOG_COLOUR_AND_STYLE this environment variable sets no key; unset it",
            "DRAGOMAN_MODELS_OTHER_THING_ENTIRELY this environment variable sets no key; unset it; only what the file",
        ]
        #expect(found.count == expected.count)
        for (problem, beginning) in zip(found, expected) { #expect(problem.hasPrefix(beginning)) }
    }

    @Test("a name that differs from a key's in one place is unknown, with its line, and the key is suggested")
    func mutatedNames() throws {
        var random = SeededRandom(seed: 3)
        let letters = Array("abcdefghijklmnopqrstuvwxyz_0123456789")
        for (section, setting) in keys {
            for _ in 0..<8 {
                var name = Array(setting.name)
                let place = random.integer(0...name.count - 1)
                switch random.integer(0...2) {
                case 0: name[place] = random.choice(letters)
                case 1: name.insert(random.choice(letters), at: place)
                default: name.remove(at: place)
                }
                let mutation = String(name)
                let names = keys.filter { $0.section == section }.map(\.setting.name)
                guard !names.contains(mutation) else { continue }
                // One that is another with an s is as near as that one.
                let near = names.filter {
                    $0 == setting.name || $0 == setting.name + "s" || $0 + "s" == setting.name
                }
                let report = try read("# first\n\(section):\n  \"\(mutation)\": \(setting.text(Settings()))\n")
                let problem = try #require(report.problems.first)
                #expect(report.problems.count == 1)
                #expect(problem.what == "there is no key \(section).\(mutation)")
                #expect(problem.line == 3)
                #expect(near.contains { problem.remedy == "did you mean \(section).\($0)?" })
                #expect(report.settings == Settings())
            }
        }
    }

    @Test("everything that is wrong is reported at once")
    func allAtOnce() throws {
        let report = try read(
            "broker:\n  lease_ms: x\n  foo: 1\nlog:\n  level: loud\nstore:\n  retention_days: 9999\n",
            environment: ["DRAGOMAN_LOG_FORMAT": "xml", "DRAGOMAN_BROKER_FEED_ENDPOINT": "tcp://127.0.0.1:7411"])
        #expect(report.problems.count == 6)
        let error = #expect(throws: InvalidSettings.self) { try report.validated() }
        #expect(error?.problems == report.problems)
        #expect(error?.description.split(separator: "\n").count == 6)
    }
}
