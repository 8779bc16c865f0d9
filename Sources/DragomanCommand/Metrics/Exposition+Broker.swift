package import Broker
import Dispatching
import JobModel
import JobStore
package import Measures

extension Exposition {
    /// From a millisecond to 28 hours: how long jobs take.
    private static let jobBounds = Scale.round(1_000...100_000_000_000)
    /// From 100 microseconds to 10 seconds: how long a disk takes.
    private static let commitBounds = Scale.round(100...10_000_000)

    package mutating func add(_ figures: BrokerFigures) {
        addJobs(of: figures.measures)
        addState(figures.measures.status)
        addConsumers(figures.measures.status)
        add(
            figures.measures.waits, at: Self.jobBounds, "dragoman_job_wait_seconds",
            "From the acceptance of a job to its first worker."
        ) { .microseconds($0) }
        add(
            figures.measures.durations, at: Self.jobBounds, "dragoman_job_duration_seconds",
            "From the acceptance of a job to its being done."
        ) { .microseconds($0) }
        add(
            figures.commits.durations, at: Self.commitBounds, "dragoman_commit_seconds",
            "How long it took to make a group of writes durable."
        ) { .microseconds($0) }
        add(
            figures.commits.writes, at: figures.commits.writes.scale.bounds, "dragoman_commit_jobs",
            "Writes, such as jobs and results, that were made durable together."
        ) { .whole($0) }
        add(
            .gauge, "dragoman_store_free_bytes", "Free space of the disk that the job store is on.",
            figures.freeBytes.map { [Sample(.whole($0))] } ?? [])
        add(
            .gauge, "dragoman_store_reserved_bytes", "Below this much free space no job is accepted.",
            .whole(figures.reservedBytes))
    }

    private mutating func addJobs(of measures: BrokerMeasures) {
        let limit = LabelLimit(measures.tenants.map(\.name))
        func samples(_ make: (BrokerMeasures.Tenant, String) -> [Sample]) -> [Sample] {
            measures.tenants.flatMap { make($0, limit.label(of: $0.name)) }
        }
        add(
            .counter, "dragoman_jobs_accepted_total", "Jobs accepted.",
            samples { [Sample(.whole($0.accepted), ["tenant": $1])] })
        add(
            .counter, "dragoman_jobs_rejected_total", "Jobs refused, by why.",
            samples { tenant, label in
                tenant.rejected.map { Sample(.whole($0.value), ["tenant": label, "code": $0.key.name]) }
            })
        add(
            .counter, "dragoman_jobs_finished_total", "Jobs that have ended, by how.",
            samples { tenant, label in
                tenant.finished.map { Sample(.whole($0.value), ["tenant": label, "state": "\($0.key)"]) }
            })
    }

    private mutating func addState(_ status: StatusReport) {
        func gauge(_ name: String, _ help: String, _ value: Int) {
            add(.gauge, "dragoman_\(name)", help, .whole(UInt64(clamping: value)))
        }
        gauge("queued_jobs", "Jobs that have not ended.", status.queuedJobs)
        gauge("queued_chunks", "Parts of jobs that are not with a worker and not done.", status.queuedChunks)
        gauge("queued_bytes", "Texts of jobs that have not ended.", status.queuedBytes)
        gauge("dead_jobs", "Jobs on the list of the dead.", status.deadJobs)
        gauge("leases", "Parts of jobs that are with workers.", status.leasedChunks)
        gauge("workers", "Workers that are connected.", status.workerCount)
        gauge("accepting_jobs", "1: new jobs are accepted; 0: they are refused.", status.refusal.isEmpty ? 1 : 0)
        add(
            .gauge, "dragoman_oldest_queued_age_seconds",
            "How old the oldest job is that waits for a worker, with all of it or a part; 0: none does.",
            .microseconds(status.oldestQueuedMilliseconds.multipliedReportingOverflow(by: 1_000).partialValue))
        add(
            .counter, "dragoman_lease_expired_total",
            "Leases that were taken back from workers that died, or did not answer.", .whole(status.leasesLost))
        add(
            .counter, "dragoman_source_tokens_total", "Source tokens of parts of jobs that are done.",
            .whole(status.sourceTokens))
        add(.counter, "dragoman_sentences_total", "Sentences of parts of jobs that are done.", .whole(status.sentences))
        add(.gauge, "dragoman_epoch", "Grows by one at every start of the broker.", .whole(status.epoch))
    }

    /// Of too many consumers, those furthest behind have numbers of their own. One that has acknowledged nothing has none:
    /// nothing is kept for it, and gateways make up a new name for each job that is waited for.
    private mutating func addConsumers(_ status: StatusReport) {
        let consumers = status.consumers.filter { $0.acknowledged > 0 }
            .sorted { ($1.lag, $0.tenant, $0.name) < ($0.lag, $1.tenant, $1.name) }
        add(
            .gauge, "dragoman_consumer_lag_records", "Records that a consumer has not acknowledged.",
            consumers.enumerated().map { place, consumer in
                let labels =
                    place < LabelLimit.most ? (consumer.tenant, consumer.name) : (LabelLimit.other, LabelLimit.other)
                return Sample(.whole(consumer.lag), ["tenant": labels.0, "consumer": labels.1])
            })
        add(
            .gauge, "dragoman_consumers_attached", "Consumers that are connected.",
            .whole(UInt64(status.consumers.count(where: \.isAttached))))
    }
}
