import Broker
import Dispatching
import DragomanCommand
import JobModel
import JobStore
import Measures
import Testing

@Suite("What is shown of a broker")
struct ExpositionTests {
    private func page(
        tenants: [BrokerMeasures.Tenant] = [], _ change: (inout StatusReport) -> Void = { _ in }
    ) -> [String] {
        var status = StatusReport()
        change(&status)
        var waits = Histogram(.microseconds)
        waits.record(1_500_000)
        let measures = BrokerMeasures(
            status: status, tenants: tenants, waits: waits, durations: Histogram(.microseconds))
        var page = Exposition()
        page.add(
            BrokerFigures(measures: measures, commits: CommitMeasures(), freeBytes: nil, reservedBytes: 1 << 30))
        return page.text.split(separator: "\n").map(String.init)
    }

    @Test("every number has its name, its tenant and its unit")
    func numbers() {
        let tenant = BrokerMeasures.Tenant(
            name: "shop", accepted: 7, rejected: [.retryLater: 2, .tooLarge: 0], finished: [.done: 5, .dead: 1])
        let lines = page(tenants: [tenant]) { status in
            status.epoch = 3
            status.oldestQueuedMilliseconds = 61_250
            status.leasesLost = 4
            status.refusal = "the disk is full"
        }
        for line in [
            #"dragoman_jobs_accepted_total{tenant="shop"} 7"#,
            #"dragoman_jobs_rejected_total{tenant="shop",code="retry_later"} 2"#,
            #"dragoman_jobs_rejected_total{tenant="shop",code="too_large"} 0"#,
            #"dragoman_jobs_finished_total{tenant="shop",state="done"} 5"#,
            #"dragoman_jobs_finished_total{tenant="shop",state="dead"} 1"#,
            "dragoman_oldest_queued_age_seconds 61.25", "dragoman_lease_expired_total 4", "dragoman_epoch 3",
            "dragoman_accepting_jobs 0", #"dragoman_job_wait_seconds_bucket{le="1"} 0"#,
            #"dragoman_job_wait_seconds_bucket{le="2"} 1"#, "dragoman_job_wait_seconds_sum 1.5",
            "dragoman_job_duration_seconds_count 0", "# TYPE dragoman_commit_jobs histogram",
            // Of what is not known, the name is there and no number.
            "# TYPE dragoman_store_free_bytes gauge", "dragoman_store_reserved_bytes 1073741824",
        ] {
            #expect(lines.contains(line), "\(line)")
        }
        #expect(!lines.contains { $0.hasPrefix("dragoman_store_free_bytes ") })
    }

    @Test("of thousands of tenants a hundred have numbers of their own, and none is lost")
    func tenants() {
        let tenants = (0..<5_000).map { BrokerMeasures.Tenant(name: "t\($0)", accepted: 1) }
        let lines = page(tenants: tenants).filter { $0.hasPrefix("dragoman_jobs_accepted_total{") }
        #expect(lines.count == 101 && lines.contains(#"dragoman_jobs_accepted_total{tenant="t99"} 1"#))
        #expect(lines.contains(#"dragoman_jobs_accepted_total{tenant="other"} 4900"#))
    }

    @Test("of thousands of consumers those furthest behind have numbers of their own")
    func consumers() {
        let lines = page { status in
            status.consumers = (1...5_000).map { number in
                var consumer = StatusReport.ConsumerStatus()
                consumer.name = "c\(number)"
                consumer.tenant = "shop"
                consumer.acknowledged = 1
                consumer.lastSequence = UInt64(number) + 1
                return consumer
            }
        }.filter { $0.hasPrefix("dragoman_consumer_lag_records{") }
        #expect(lines.count == 101)
        #expect(lines.contains(#"dragoman_consumer_lag_records{tenant="shop",consumer="c5000"} 5000"#))
        #expect(lines.contains(#"dragoman_consumer_lag_records{tenant="other",consumer="other"} 4900"#))
    }

    @Test("a consumer that has acknowledged nothing has no number of its own, and counts as connected")
    func passingConsumers() {
        let acknowledged: [(name: String, last: UInt64)] = [("passing", 0), ("nightly", 3)]
        let lines = page { status in
            status.consumers = acknowledged.map { name, last in
                var consumer = StatusReport.ConsumerStatus()
                consumer.name = name
                consumer.tenant = "shop"
                consumer.acknowledged = last
                consumer.lastSequence = 5
                consumer.isAttached = true
                return consumer
            }
        }
        #expect(
            lines.filter { $0.hasPrefix("dragoman_consumer_lag_records{") }
                == [#"dragoman_consumer_lag_records{tenant="shop",consumer="nightly"} 2"#])
        #expect(lines.contains("dragoman_consumers_attached 2"))
    }

    @Test("what Linux tells of a process is read, whatever its name")
    func process() throws {
        let text = "4242 (a) S ) R 1 2 3 4 5 6 7 8 9 10 250 50 0 0 20 0 7 0 1000 4096000 25 1 2 3"
        let process = try #require(
            ProcessFigures(
                status: text, ticksPerSecond: 100, pageBytes: 4096, openDescriptors: 12, descriptorsMaximum: 1024,
                now: 1_000_000_000, sinceBoot: 60_000_000))
        #expect(process.cpuMicroseconds == 3_000_000 && process.residentBytes == 102_400)
        #expect(process.virtualBytes == 4_096_000 && process.threads == 7)
        // It started ten seconds after the machine, fifty seconds ago.
        #expect(process.startMicroseconds == 950_000_000)
        #expect(
            ProcessFigures(
                status: "1 (a", ticksPerSecond: 100, pageBytes: 1, openDescriptors: 0, descriptorsMaximum: 0, now: 0,
                sinceBoot: 0) == nil)
        let own = try #require(ProcessFigures.current())
        #expect(own.residentBytes > 1 << 20 && own.openDescriptors > 2 && own.threads > 0)
        // Its clocks are read once: from one scrape to the next a process does not seem to start again.
        for _ in 0..<100 { #expect(ProcessFigures.current()?.startMicroseconds == own.startMicroseconds) }
    }
}
