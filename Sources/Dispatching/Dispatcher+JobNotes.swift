import JobModel
import JobStore

/// A job's life in the broker's log: `journalctl DRAGOMAN_JOB_ID=…`. Never its texts.
extension Dispatcher {
    mutating func noteAcceptance(of job: QueuedJob) {
        guard settings.notesJobs else { return }
        outbox.note(
            .debug, "job accepted",
            ["job_id": "\(job.key.id)", "tenant": job.key.tenant, "model": job.model, "chunks": "\(job.chunks.count)"])
    }

    mutating func noteLease(_ assignment: Assignment, to worker: WorkerRef) {
        guard settings.notesJobs else { return }
        outbox.note(
            .debug, "chunk leased",
            [
                "job_id": "\(assignment.job.id)", "chunk": "\(assignment.lease.chunk.index)",
                "attempt": "\(assignment.attempt)", "worker": roster[worker].instance,
            ])
    }

    /// How a job has ended, durably. A death is for the operator to know of.
    mutating func noteEnd(_ entry: LogEntry) {
        let record = entry.record
        guard record.state == .dead || settings.notesJobs, !record.isPartial else { return }
        var fields = [
            "job_id": "\(record.job)", "tenant": entry.tenant, "record": "\(record.sequence)",
            "attempts": "\(record.attempts)",
        ]
        if let failure = record.failure {
            fields["code"] = failure.code
            fields["problem"] = failure.message
        }
        outbox.note(record.state == .dead ? .warning : .debug, "job is \(record.state)", fields)
    }
}
