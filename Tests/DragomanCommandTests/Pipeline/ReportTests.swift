import ArgumentParser
import DragomanClient
import DragomanCommand
import Foundation
import JobModel
import Settings
import Testing

@Suite struct ReportTests {
    @Test func `a status has the broker, its workers, models and consumers`() throws {
        var report = StatusReport()
        report.version = "0.1.0"
        report.uptimeMilliseconds = 93_784_000
        report.lastSequence = 10
        report.refusal = "the broker's disk is full"
        var worker = StatusReport.WorkerStatus()
        worker.instance = "host-1"
        worker.models = ["en-fr", "fr-en"]
        worker.loadedModels = ["fr-en"]
        report.workers = [worker]
        var consumer = StatusReport.ConsumerStatus()
        consumer.name = "nightly"
        consumer.acknowledged = 4
        report.consumers = [consumer]
        let text = StatusText(report, endpoint: "tcp://a:1").text
        #expect(text.contains("tcp://a:1, version 0.1.0, up 1 d 2 h, epoch 0"))
        #expect(text.contains("new jobs  refused: the broker's disk is full"))
        #expect(text.contains("en-fr, fr-en (loaded)"))
        #expect(text.contains("host-1") && text.contains("nightly   4             6       no"))
        var json = JSONText()
        json.status(report, endpoint: "tcp://a:1")
        let object = try #require(try JSONSerialization.jsonObject(with: Data(json.bytes)) as? [String: Any])
        #expect(object["last_sequence"] as? Int == 10)
        #expect(object["refusal"] as? String == "the broker's disk is full")
    }

    @Test func `a status says what waits, how long jobs take, and how far consumers are behind`() throws {
        var report = StatusReport()
        report.oldestQueuedMilliseconds = 125_000
        (report.expired, report.cancelled) = (0, 3)
        var wait = StatusReport.Latency()
        (wait.count, wait.p50Milliseconds, wait.p90Milliseconds, wait.p99Milliseconds) = (1_200, 8, 950, 61_000)
        report.jobWait = wait
        report.jobDuration = StatusReport.Latency()
        var consumer = StatusReport.ConsumerStatus()
        (consumer.acknowledged, consumer.lastSequence) = (4, 9)
        report.consumers = [consumer]
        let text = StatusText(report, endpoint: "tcp://a:1").text
        #expect(text.contains("0 chunks waiting (the oldest for 2 min 5 s), 0 with workers"))
        #expect(text.contains("0 failed, 3 cancelled since the start"))
        #expect(
            text.contains(
                "50 % within 8 ms, 90 % within 950 ms, 99 % within 1 min 1 s (1,200 jobs in the last minutes)"))
        // Of no job there is nothing to say.
        #expect(!text.contains("job duration"))
        var json = JSONText()
        json.status(report, endpoint: "tcp://a:1")
        let object = try #require(try JSONSerialization.jsonObject(with: Data(json.bytes)) as? [String: Any])
        #expect(object["oldest_queued_ms"] as? Int == 125_000 && object["cancelled_total"] as? Int == 3)
        #expect((object["job_wait"] as? [String: Int])?["p99_ms"] == 61_000)
        #expect((object["job_duration"] as? [String: Int])?["count"] == 0)
        #expect((object["consumers"] as? [[String: Any]])?.first?["lag_records"] as? Int == 5)
        // A consumer may have acknowledged what a restored log does not have.
        report.consumers[0].acknowledged = 12
        #expect(report.consumers[0].lag == 0)
        // Nothing is kept for one that has acknowledged nothing.
        report.consumers[0].acknowledged = 0
        #expect(report.consumers[0].lag == 0)
        // An older broker does not say.
        report.jobWait = nil
        json = JSONText()
        json.status(report, endpoint: "tcp://a:1")
        #expect(!String(decoding: json.bytes, as: UTF8.self).contains("job_wait"))
    }

    @Test func `each number of a status says whose it is`() {
        var report = StatusReport()
        report.tenant = "shop"
        report.deadJobs = 3
        report.lastSequence = 10
        report.workerCount = 2
        var model = StatusReport.ModelStatus()
        model.name = "en-fr"
        model.workers = 2
        report.models = [model]
        var consumer = StatusReport.ConsumerStatus()
        consumer.name = "nightly"
        consumer.tenant = "other"
        consumer.acknowledged = 4
        consumer.lastSequence = 5
        consumer.absentMilliseconds = 93_784_000
        consumer.isAbandoned = true
        report.consumers = [consumer]
        let own = StatusText(report, endpoint: "tcp://a:1").text
        #expect(own.contains("tenant shop: 0 jobs") && own.contains("since the start; 3 dead"))
        #expect(own.contains("2 workers, for all tenants") && !own.contains("no workers"))
        #expect(own.contains("model (tenant shop)") && own.contains("tenant shop: up to record 10"))
        #expect(own.contains("nightly   other   4             1       no for 1 d 2 h, abandoned"))
        report.isOfAllTenants = true
        let all = StatusText(report, endpoint: "tcp://a:1").text
        #expect(all.contains("all tenants: 0 jobs") && all.contains("model (all tenants)"))
        #expect(all.contains("tenant shop: up to record 10"))
        // An older broker counts the workers of its models only.
        report.workerCount = 0
        #expect(StatusText(report, endpoint: "tcp://a:1").text.contains("2 workers, for all tenants"))
    }

    @Test func `a worker that was lost from sight has no more tokens than its window`() {
        var report = StatusReport()
        var worker = StatusReport.WorkerStatus()
        worker.instance = "host-1"
        worker.isUnreachable = true
        (worker.leasedTokens, worker.windowTokens) = (8179, 8192)
        report.workers = [worker]
        #expect(StatusText(report, endpoint: "tcp://a:1").text.contains("host-1 (unreachable)"))
        #expect(StatusText(report, endpoint: "tcp://a:1").text.contains("8,179 of 8,192"))
        report.workers[0].windowTokens = 0
        let text = StatusText(report, endpoint: "tcp://a:1").text
        #expect(text.contains("8,179") && !text.contains(" of 0"))
    }

    @Test func `one tenant is named, or all are meant, and otherwise what the key may see`() throws {
        #expect(try TenantFlags.parse([]).scope == .visible)
        #expect(try TenantFlags.parse(["--tenant", "shop"]).scope == .tenant("shop"))
        #expect(try TenantFlags.parse(["--all-tenants"]).scope == .all)
        #expect(throws: (any Error).self) { try TenantFlags.parse(["--tenant", "shop", "--all-tenants"]) }
        #expect(throws: (any Error).self) { try TenantFlags.parse(["--tenant", ""]) }
        #expect(throws: (any Error).self) { try ConsumersCommand.Remove.parse([]) }
        #expect(throws: (any Error).self) { try ModelsCommand.Remove.parse([String(repeating: "x", count: 129)]) }
        _ = try ConsumersCommand.Remove.parse(["--tenant", "shop", "nightly"])
    }

    @Test func `a name that would move the cursor, or turn the line around, is shown as what it is`() {
        var report = StatusReport()
        var worker = StatusReport.WorkerStatus()
        worker.instance = "\u{1B}[2Jw\n\u{202E}"
        report.workers = [worker]
        let text = StatusText(report, endpoint: "tcp://a:1").text
        #expect(text.contains(#"\u{1b}[2Jw\u{a}\u{202e}"#) && !text.contains("\u{1B}"))
        #expect(ControlCharacters.escaped("été → 😀") == "été → 😀")
        #expect(CommandError(ClientError(.fault, "another attached as \u{7}")).message == #"another attached as \u{7}"#)
    }

    @Test func `a job's report says what is known`() {
        var report = JobReport(job: .random(), state: .dead)
        report.failure = Failure("worker_lost", "the worker died")
        let text = JobReportText.text(report)
        #expect(text.contains("state     dead") && text.contains("worker_lost: the worker died"))
        #expect(JobReportText.time(1_790_000_000_123) == "2026-09-21T14:13:20Z")
    }

    @Test func `endpoints come from flags, then from the configuration`() throws {
        var settings = Settings()
        settings.client.jobsEndpoints = ["tcp://a:1", "tcp://b:1"]
        let plain = try ConnectionFlags.parse([])
        #expect(plain.clientSettings(settings).jobsEndpoints == ["tcp://a:1", "tcp://b:1"])
        #expect(plain.clientSettings(Settings()).resultsEndpoints == ["tcp://127.0.0.1:7413"])
        #expect(plain.patience(Settings()) == .seconds(60))
        let given = try ConnectionFlags.parse(["--jobs-endpoint", "ipc:///x", "--timeout", "0.5"])
        #expect(given.clientSettings(settings).jobsEndpoints == ["ipc:///x"])
        #expect(given.patience(settings) == .milliseconds(500))
    }

    @Test func `a time to wait is one that can be waited`() {
        for timeout in ["0", "-1", "1e300", "nan"] {
            let error = #expect(throws: (any Error).self) { try ConnectionFlags.parse(["--timeout=\(timeout)"]) }
            #expect(error.map { ConnectionFlags.message(for: $0).contains("at most 1000000") } ?? false)
        }
    }

    @Test func `dead jobs are named, or all are meant`() throws {
        #expect(throws: (any Error).self) { try DeadCommand.Retry.parse([]) }
        #expect(throws: (any Error).self) { try DeadCommand.Drop.parse(["--all", JobID.random().description]) }
        #expect(throws: (any Error).self) { try DeadCommand.Drop.parse(["nonsense"]) }
        _ = try DeadCommand.Drop.parse([JobID.random().description])
    }
}
