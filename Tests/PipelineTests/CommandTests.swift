import Foundation
import Glibc
import JobModel
import TestKit
import Testing

@Suite(
    "Commands, their readers, and the ends of both", .ownThread, .timeLimit(.minutes(5)),
    .enabled(if: BuiltProgram.isExpected))
struct CommandTests {
    private func run(_ script: String, _ cluster: Cluster) throws -> Daemon {
        let endpoints = [
            "DRAGOMAN_CLIENT_JOBS_ENDPOINTS": cluster.endpoint("jobs"),
            "DRAGOMAN_CLIENT_RESULTS_ENDPOINT": cluster.endpoint("results"),
        ]
        return try Daemon(shell: script, environment: endpoints, in: cluster.folder.url)
    }

    @Test("results | head -2 acknowledges the two records that head has taken, and ends with 141")
    func head() async throws {
        let cluster = try Cluster()
        let worker = try cluster.worker("w")
        let producer = try cluster.producer()
        let all = try cluster.consumer("all")
        for _ in 0..<20 {
            try producer.accept(Job("A text."))
            try worker.finish(try worker.assignment())
            _ = try all.record()
        }
        let first = try run("dragoman results --consumer c | head -2; echo status ${PIPESTATUS[0]}", cluster)
        #expect(await first.waitForExit() == 0)
        let lines = first.log.split(separator: "\n").map { $0.prefix { $0 != "\t" } }
        #expect(lines == ["1", "2", "status 141"], "\(first.log)")
        let second = try run("dragoman results --consumer c | cut -f 1 | head -1", cluster)
        #expect(await second.waitForExit() == 0)
        #expect(second.log == "3\n")
    }

    @Test("results into a pipe that is read to its end acknowledges all, and ends well")
    func wholePipe() async throws {
        let cluster = try Cluster()
        let worker = try cluster.worker("w")
        let producer = try cluster.producer()
        let all = try cluster.consumer("all")
        for _ in 0..<5 {
            try producer.accept(Job("A text."))
            try worker.finish(try worker.assignment())
            _ = try all.record()
        }
        let first = try run("dragoman results --consumer c | cut -f 1; echo status ${PIPESTATUS[0]}", cluster)
        #expect(await first.waitForExit() == 0)
        #expect(first.log == "1\n2\n3\n4\n5\nstatus 0\n")
        let second = try run("dragoman results --consumer c", cluster)
        #expect(await second.waitForExit() == 0)
        #expect(second.log.isEmpty)
    }

    @Test("health says whether the broker takes jobs, and with --ready whether they are translated")
    func health() async throws {
        let cluster = try Cluster()
        func health(_ arguments: String) async throws -> (status: Int32, log: String) {
            let command = try run("exec dragoman health \(arguments)", cluster)
            return (await command.waitForExit(), command.log)
        }
        let jobs = cluster.endpoint("jobs")
        let alone = try await health("")
        #expect(alone.status == 0)
        #expect(alone.log == "\(jobs): takes jobs, but no worker offers a model; start one with: dragoman worker\n")
        let waiting = try await health("--ready")
        #expect(waiting.status == 69)
        #expect(waiting.log.hasPrefix("dragoman: \(jobs): no worker offers a model"))
        let worker = try cluster.worker("w")
        #expect(try await health("--ready") == (0, "\(jobs): ready: 1 model, 0 jobs queued\n"))
        withExtendedLifetime(worker) {}
        await cluster.broker.kill()
        let gone = try await health("--timeout 1")
        #expect(gone.status == 69)
        #expect(gone.log.hasPrefix("dragoman: "))
    }

    /// Jobs of topics a, b and a again.
    private func jobs(_ producer: Peer) throws -> [JobID] {
        try ["a", "b", "a"].map { topic in
            var job = Job("A text.")
            job.topic = topic
            return try producer.accept(job)
        }
    }

    @Test("jobs lists those that are asked for, for people and as JSON")
    func list() async throws {
        let cluster = try Cluster()
        let (worker, producer) = (try cluster.worker("w", window: 1), try cluster.producer())
        let ids = try jobs(producer)
        _ = try worker.assignment()
        func list(_ arguments: String) async throws -> String {
            let command = try run("exec dragoman jobs \(arguments)", cluster)
            #expect(await command.waitForExit() == 0)
            return command.log
        }
        func listed(_ arguments: String) async throws -> [Substring] {
            try await list(arguments).split(separator: "\n").dropFirst().map { $0.prefix { $0 != " " } }
        }
        let all = try await list("").split(separator: "\n")
        #expect(all.first?.hasPrefix("job ") == true && all.count == 4)
        #expect(all[1].contains("\(ids[0])  running") && all[2].contains("\(ids[1])  queued"))
        #expect(all[1].hasSuffix("default  scripted  a"))
        #expect(try await listed("--state queued --topic a") == ["\(ids[2])"])
        #expect(try await listed("--model scripted --limit 2") == ["\(ids[0])", "\(ids[1])"])
        #expect(try await list("--older-than 7d").isEmpty)
        #expect(try await list("--state dead --state done").isEmpty)
        let json = try await list("--state any --json --topic b")
        #expect(json.hasPrefix(#"{"job_id":"\#(ids[1])","state":"queued","tenant":"default","#), "\(json)")
        #expect(json.split(separator: "\n").count == 1)
    }

    @Test("cancel by topic, and of all, ends what has not ended, once, and says how many")
    func cancelAll() async throws {
        let cluster = try Cluster()
        let (worker, producer) = (try cluster.worker("w", window: 1), try cluster.producer())
        let consumer = try cluster.consumer("c")
        let ids = try jobs(producer)
        _ = try worker.assignment()
        func cancel(_ arguments: String) async throws -> (status: Int32, log: String) {
            let command = try run("exec dragoman cancel \(arguments) < /dev/null", cluster)
            return (await command.waitForExit(), command.log)
        }
        #expect(try await cancel("--yes --topic none") == (0, "0 jobs cancelled\n"))
        #expect(try await cancel("--yes --topic a --state queued") == (0, "1 job cancelled\n"))
        let json = try await cancel("--topic b --json --yes")
        #expect(json.log.contains(#"{"job_id":"\#(ids[1])","tenant":"default","state":"cancelled"}"#), "\(json.log)")
        #expect(try await cancel("--all --yes") == (0, "1 job cancelled\n"))
        #expect(try await cancel("--all --yes") == (0, "0 jobs cancelled\n"))
        let records = try (0..<3).map { _ in try consumer.record() }
        #expect(records.map(\.job) == [ids[2], ids[1], ids[0]])
        #expect(records.allSatisfy { $0.state == .cancelled && $0.failure?.code == "cancelled" })
        #expect(try producer.list().jobs.allSatisfy { $0.state == .cancelled })
        for wrong in ["", "--all --topic a", "--all \(ids[0])", "--state done", "--older-than 5", "--state none"] {
            #expect(try await cancel(wrong + " --yes").status == 64, "\(wrong)")
        }
        // Nobody can be asked.
        let unasked = try await cancel("--all")
        #expect(unasked.status == 64 && unasked.log.contains("say --yes if they are"), "\(unasked.log)")
        try cluster.requireHealth()
    }

    @Test("many jobs are cancelled in steps, while the broker serves others")
    func manyJobs() async throws {
        let cluster = try Cluster()
        // What there is to be a model for.
        _ = try cluster.worker("w", window: 0)
        let producer = try cluster.producer()
        for _ in 0..<25 {
            let verdicts = try producer.submit((0..<100).map { _ in Job("A text.") })
            #expect(verdicts.allSatisfy { $0.outcome == .accepted(duplicate: false) })
        }
        let cancel = try run("exec dragoman cancel --all --yes", cluster)
        while cancel.isRunning { _ = try producer.status() }
        #expect(await cancel.waitForExit() == 0)
        #expect(cancel.log == "2,500 jobs cancelled\n")
        #expect(try producer.status().queuedJobs == 0)
        #expect(try producer.status().cancelled == 2500)
        let list = try run("dragoman jobs --state cancelled | wc -l", cluster)
        #expect(await list.waitForExit() == 0)
        #expect(list.log == "2501\n")
    }

    @Test("cancel asks on a terminal, and does nothing without a yes", arguments: [false, true])
    func question(isYes: Bool) async throws {
        let cluster = try Cluster()
        _ = try cluster.worker("w", window: 0)
        let producer = try cluster.producer()
        for _ in 0..<2 { try producer.accept(Job("A text.")) }
        // script(1) makes a terminal for its command.
        let command = "dragoman cancel --all; echo status $?"
        let terminal = try run(
            "echo \(isYes ? "y" : "n") | SHELL=/bin/sh script --quiet --command '\(command)' /dev/null", cluster)
        #expect(await terminal.waitForExit() == 0)
        #expect(terminal.log.contains("status \(isYes ? 0 : 1)"), "\(terminal.log)")
        #expect(terminal.log.contains("Cancel 2 jobs of your own tenant? [y/N] "), "\(terminal.log)")
        #expect(terminal.log.contains(isYes ? "2 jobs cancelled" : "nothing was cancelled"), "\(terminal.log)")
        #expect(try producer.status().queuedJobs == (isYes ? 0 : 2))
    }

    @Test("cancel does not ask where the question would not be seen, and does nothing")
    func unseenQuestion() async throws {
        let cluster = try Cluster()
        _ = try cluster.worker("w", window: 0)
        let producer = try cluster.producer()
        try producer.accept(Job("A text."))
        let command = "dragoman cancel --all 2> said; echo status $?; cat said"
        let terminal = try run(
            "cd \(cluster.folder.url.path); echo y | SHELL=/bin/sh script --quiet --command '\(command)' /dev/null",
            cluster)
        #expect(await terminal.waitForExit() == 0)
        #expect(terminal.log.contains("status 64") && terminal.log.contains("say --yes"), "\(terminal.log)")
        #expect(try producer.status().queuedJobs == 1)
    }

    @Test(
        "top draws on the other screen of a terminal, and gives it back",
        arguments: ["q", "interrupt", "core", "small"])
    func top(end: String) async throws {
        let cluster = try Cluster()
        let worker = try cluster.worker("w", models: [ModelOffer(name: "日本語")])
        let size = end == "small" ? "rows 4 columns 20" : "rows 40 columns 150"
        // The shell outlives an interrupt, of which it hears too.
        let inner =
            "export TERM=xterm; ulimit -c 0; trap : INT QUIT; stty \(size); stty -g > before; dragoman top; "
            + "echo status $?; stty -g > after"
        // A key that comes before the screen is there is discarded with the terminal's settings.
        let keys = ["interrupt": #"\003"#, "core": #"\034"#]
        let key =
            "until grep -q \(end == "small" ? "broker" : "speed") drawn; do sleep 0.05; done; "
            + "printf '\(keys[end] ?? "q")'"
        let terminal = try run(
            "cd \(cluster.folder.url.path); touch drawn; { \(key); } | SHELL=/bin/sh script --quiet --flush "
                + "--command '\(inner)' drawn; cmp before after && echo same", cluster)
        #expect(await terminal.waitForExit() == 0)
        let log = terminal.log
        #expect(log.contains("\u{1B}[?1049h") && log.contains("\u{1B}[?25h\u{1B}[?1049l"), "\(log)")
        let status = ["interrupt": 130, "core": 131][end] ?? 0
        #expect(log.contains("status \(status)") && log.hasSuffix("same\n"), "\(log)")
        if end != "small" { #expect(log.contains("w       ") && log.contains("日本語"), "\(log)") }
        withExtendedLifetime(worker) {}
    }

    @Test("top that is stopped gives the terminal back, and takes it again when it goes on")
    func stoppedTop() async throws {
        let cluster = try Cluster()
        let worker = try cluster.worker("w")
        let inner =
            "export TERM=xterm; set -m; stty rows 40 columns 150; stty -g > before; dragoman top; echo stopped $?; "
            + "stty -g > between; fg; echo status $?; stty -g > after"
        // It has the terminal when it has said so the second time.
        let keys =
            #"until grep -q speed drawn; do sleep 0.05; done; printf '\032'; "#
            + #"until [ "$(grep -o '\[?1049h' drawn | wc -l)" = 2 ]; do sleep 0.05; done; printf q"#
        let terminal = try run(
            "cd \(cluster.folder.url.path); touch drawn; { \(keys); } | SHELL=/bin/bash script --quiet --flush "
                + "--command '\(inner)' drawn; cmp before between && cmp before after && echo same", cluster)
        #expect(await terminal.waitForExit() == 0)
        let log = terminal.log
        #expect(log.contains("stopped 148") && log.contains("status 0") && log.hasSuffix("same\n"), "\(log)")
        withExtendedLifetime(worker) {}
    }

    @Test("top says what to use where there is a terminal that only writes lines")
    func dumbTerminal() async throws {
        let cluster = try Cluster()
        let command = "TERM=dumb dragoman top; echo status $?; unset TERM; dragoman top; echo status $?"
        let terminal = try run("SHELL=/bin/sh script --quiet --command '\(command)' /dev/null", cluster)
        #expect(await terminal.waitForExit() == 0)
        #expect(terminal.log.components(separatedBy: "top needs a terminal; use").count == 3, "\(terminal.log)")
        #expect(terminal.log.components(separatedBy: "status 64").count == 3, "\(terminal.log)")
        withExtendedLifetime(cluster) {}
    }

    @Test("top says what to use where there is no terminal")
    func topWithoutTerminal() async throws {
        // It has the folder of the log.
        let cluster = try Cluster()
        let command = try run("exec dragoman top < /dev/null", cluster)
        #expect(await command.waitForExit() == 64)
        #expect(command.log.contains("top needs a terminal; use dragoman status --watch"))
        #expect(command.log.contains("dragoman status --json"))
        withExtendedLifetime(cluster) {}
    }

    @Test("submit --wait that is interrupted cancels what has not ended, and says so", arguments: [SIGINT, SIGTERM])
    func interrupted(signal: Int32) async throws {
        let cluster = try Cluster()
        let worker = try cluster.worker("w")
        let consumer = try cluster.consumer("c")
        // The input does not end, as of someone who types.
        let submit = try run("exec dragoman submit --wait < <(printf 'One.\nTwo.\nThree.\n'; exec sleep 600)", cluster)
        try worker.finish(try worker.assignment())
        #expect(try consumer.record().state == .done)
        // Both others are accepted when they are assigned.
        _ = try (worker.assignment(), worker.assignment())
        // The first one's output: submit has its record too.
        try submit.waitForLog("\n")
        submit.signal(signal)
        #expect(await submit.waitForExit() == 128 + signal)
        #expect(submit.log.contains("cancelling 2 unfinished jobs"), "\(submit.log)")
        #expect(submit.log.contains("2 jobs cancelled"), "\(submit.log)")
        #expect(try [consumer.record().state, consumer.record().state] == [.cancelled, .cancelled])
    }

    @Test("the end of its terminal ends serve as SIGTERM does; under nohup it goes on", arguments: [false, true])
    func terminal(outlives: Bool) async throws {
        let folder = try TemporaryFolder()
        let settings = ["jobs", "work", "results", "feed"].map {
            "DRAGOMAN_BROKER_\($0.uppercased())_ENDPOINT=ipc://\(folder.file($0).path)"
        }
        let dragoman = try BuiltProgram.path("dragoman")
        let command =
            "echo $$ > \(folder.file("pid").path); exec env \(settings.joined(separator: " ")) DRAGOMAN_CONFIG= "
            + "\(outlives ? "nohup " : "")\(dragoman) serve --threads 1 --state-directory \(folder.url.path) "
            + "> \(folder.file("log").path) 2>&1"
        // script(1) makes a terminal for its command, which ends with it.
        let terminal = try DaemonProcess(
            "/usr/bin/script", ["--quiet", "--command", command, "/dev/null"], environment: ["SHELL": "/bin/sh"],
            log: folder.file("script"))
        func wait(for text: String) throws {
            let deadline = ContinuousClock.now + Peer.patience
            while !String(decoding: (try? folder.read("log")) ?? [], as: UTF8.self).contains(text) {
                try #require(
                    ContinuousClock.now < deadline,
                    "\(text) is not logged: \(String(decoding: (try? folder.read("log")) ?? [], as: UTF8.self))")
                usleep(2000)
            }
        }
        try wait(for: "dragoman serves")
        let pid = try #require(
            pid_t(String(decoding: try folder.read("pid"), as: UTF8.self).trimmingCharacters(in: .newlines)))
        defer { kill(pid, SIGKILL) }
        await terminal.stop()
        if outlives {
            try wait(for: "configuration read again")
            #expect(kill(pid, SIGTERM) == 0)
        }
        try wait(for: " stopped")
    }
}
