import Foundation
import Glibc
import JobModel
import TestKit
import Testing
import ZeroMQ

@Suite(
    "Metrics are those of the jobs", .ownThread, .timeLimit(.minutes(5)), .enabled(if: BuiltProgram.isExpected))
struct MetricsTests {
    /// Scrapes until the numbers are as wanted: those that are shown may be half a second old.
    private func scrape(
        at place: String, token: String? = nil, until isAsWanted: ([String: Double]) -> Bool
    ) throws -> Scrape {
        let deadline = ContinuousClock.now + Peer.patience
        while true {
            let scrape = try? Scrape(at: place, token: token)
            if let scrape, isAsWanted(scrape.samples) { return scrape }
            if ContinuousClock.now > deadline {
                throw Daemon.NeverHappened(description: "\(scrape?.body ?? "nothing is served")")
            }
            usleep(100_000)
        }
    }

    @Test(
        "a job is seen from its acceptance to its end, and nothing that is counted shrinks when settings are read again"
    )
    func life() throws {
        let (broker, worker) = (Scrape.place(), Scrape.place())
        let cluster = try Cluster([
            "BROKER_METRICS_ADDRESS": broker, "WORKER_METRICS_ADDRESS": worker,
        ])
        let producer = try cluster.producer()
        _ = try scrape(at: broker) { $0["dragoman_workers"] == 0 }
        #expect(try Scrape("/readyz", at: broker).body.contains("no worker"))
        #expect(try Scrape("/livez", at: broker).body == #"{"alive":true}"#)
        try cluster.addWorker("w")
        for text in ["Hello.", "Where is the station?"] { try producer.accept(Job([.text(text)])) }
        _ = try producer.rejection(of: Job([]))
        let before = try scrape(at: broker) {
            $0[#"dragoman_jobs_finished_total{tenant="default",state="done"}"#] == 2
        }
        let numbers = before.samples
        #expect(numbers[#"dragoman_jobs_accepted_total{tenant="default"}"#] == 2)
        #expect(numbers[#"dragoman_jobs_rejected_total{tenant="default",code="invalid"}"#] == 1)
        #expect(numbers["dragoman_job_wait_seconds_count"] == 2 && numbers["dragoman_job_duration_seconds_count"] == 2)
        #expect(numbers["dragoman_queued_jobs"] == 0 && numbers["dragoman_workers"] == 1)
        #expect(numbers["dragoman_sentences_total"] == 2 && numbers["dragoman_epoch"] == 1)
        #expect(numbers["dragoman_store_free_bytes"].map { $0 > 0 } == true)
        #expect(numbers["dragoman_commit_seconds_count"].map { $0 > 0 } == true)
        #expect(numbers["process_cpu_seconds_total"].map { $0 > 0 } == true)
        let ofWorker = try scrape(at: worker) { $0["dragoman_worker_sentences_total"] == 2 }
        #expect(ofWorker.samples["dragoman_batch_rows_count"].map { $0 > 0 } == true)
        #expect(ofWorker.samples[#"dragoman_model_load_seconds{model="demo-en-fr"}"#].map { $0 > 0 } == true)
        #expect(try Scrape("/readyz", at: worker).status == 200)
        cluster.broker.signal(SIGHUP)
        try cluster.broker.waitForLog("configuration read again")
        try producer.accept(Job([.text("Hello again.")]))
        let after = try scrape(at: broker) { $0[#"dragoman_jobs_accepted_total{tenant="default"}"#] == 3 }
        #expect(numbers["process_start_time_seconds"].map { $0 > 1_600_000_000 } == true)
        #expect(after.samples["process_start_time_seconds"] == numbers["process_start_time_seconds"])
        let (earlier, later) = (before.growing, after.growing)
        #expect(earlier.count > 100)
        for (sample, value) in earlier { #expect(later[sample].map { $0 >= value } == true, "\(sample)") }
        withExtendedLifetime(cluster) {}
    }

    @Test("a secret is asked for, and may be replaced; one that others may read is refused")
    func token() async throws {
        let place = Scrape.place()
        let folder = try TemporaryFolder()
        let file = folder.file("token").path
        func write(_ token: String, mode: mode_t = 0o600) throws {
            try token.write(toFile: file, atomically: false, encoding: .utf8)
            chmod(file, mode)
        }
        try write("0123456789abcdef\n")
        let cluster = try Cluster(
            ["BROKER_METRICS_ADDRESS": place, "ACCESS_METRICS_TOKEN_FILE": file], folder: folder)
        _ = try scrape(at: place, token: "0123456789abcdef") { $0["dragoman_epoch"] == 1 }
        #expect(try Scrape(at: place).status == 401)
        #expect(try Scrape("/livez", at: place).status == 200)
        try write("fedcba9876543210")
        cluster.broker.signal(SIGHUP)
        try cluster.broker.waitForLog("configuration read again")
        #expect(try Scrape(at: place, token: "0123456789abcdef").status == 401)
        #expect(try Scrape(at: place, token: "fedcba9876543210").status == 200)
        // What is wrong with the file leaves the secret in force.
        try write("short")
        cluster.broker.signal(SIGHUP)
        try cluster.broker.waitForLog("access.metrics_token_file")
        #expect(try Scrape(at: place, token: "fedcba9876543210").status == 200)
        try write("0123456789abcdef", mode: 0o644)
        cluster.broker.signal(SIGHUP)
        try cluster.broker.waitForLog("others may read")
        #expect(try Scrape(at: place, token: "fedcba9876543210").status == 200)
        withExtendedLifetime(cluster) {}
    }

    @Test("another secret is taken over although the list of keys has a mistake")
    func tokenBesideMistake() throws {
        let place = Scrape.place()
        let folder = try TemporaryFolder()
        func write(_ name: String, _ text: String) throws { chmod(try folder.write(name, text), 0o600) }
        let keys = try CurveKeyPair.generate()
        try write("server.key", keys.secretKey.exposedText)
        try write("allow", "# There is no key yet.\n")
        try write("token", "0123456789abcdef")
        let cluster = try Cluster(
            [
                "BROKER_METRICS_ADDRESS": place, "ACCESS_METRICS_TOKEN_FILE": folder.file("token").path,
                "ACCESS_SERVER_SECRET_KEY_FILE": folder.file("server.key").path,
                "ACCESS_ALLOW_FILE": folder.file("allow").path,
            ], folder: folder)
        _ = try scrape(at: place, token: "0123456789abcdef") { $0["dragoman_epoch"] == 1 }
        try write("allow", "tenant\n")
        try write("token", "fedcba9876543210")
        cluster.broker.signal(SIGHUP)
        try cluster.broker.waitForLog("configuration not read again")
        #expect(cluster.broker.log.contains("a line on a tenant is"))
        #expect(try Scrape(at: place, token: "0123456789abcdef").status == 401)
        #expect(try Scrape(at: place, token: "fedcba9876543210").status == 200)
        withExtendedLifetime(cluster) {}
    }

    @Test("an address that is taken, or that others could reach without a secret, keeps the broker from starting")
    func refusals() async throws {
        let place = Scrape.place()
        let first = try Cluster(["BROKER_METRICS_ADDRESS": place])
        _ = try scrape(at: place) { $0["dragoman_epoch"] == 1 }
        let second = try Cluster(["BROKER_METRICS_ADDRESS": place], isToStart: false)
        #expect(await second.broker.waitForExit() == 69)
        #expect(second.broker.log.contains("metrics cannot be served on \(place)"))
        let open = try Cluster(["BROKER_METRICS_ADDRESS": "0.0.0.0:9464"], isToStart: false)
        #expect(await open.broker.waitForExit() == 78)
        #expect(open.broker.log.contains("there is no secret"))
        withExtendedLifetime(first) {}
    }

    @Test("in dragoman serve all parts are on one page")
    func serve() throws {
        let (place, http) = (Scrape.place(), Scrape.place())
        let cluster = try Cluster(
            ["BROKER_METRICS_ADDRESS": place, "GATEWAY_ADDRESS": http], command: "serve")
        _ = try Scrape("/languages", at: http)
        _ = try Scrape("/nowhere/\(UUID())", at: http)
        let route = #"dragoman_gateway_requests_total{route="/languages",status="200"}"#
        let numbers = try scrape(at: place) { $0[route] == 1 && $0["dragoman_workers"] == 1 }.samples
        #expect(numbers[#"dragoman_gateway_requests_total{route="other",status="404"}"#] == 1)
        #expect(numbers["dragoman_gateway_request_seconds_count"] == 2)
        #expect(numbers["dragoman_worker_brokers_connected"] == 1)
        #expect(numbers.keys.contains { $0.hasPrefix("dragoman_build_info{") && $0.contains("broker,worker,gateway") })
        withExtendedLifetime(cluster) {}
    }
}
