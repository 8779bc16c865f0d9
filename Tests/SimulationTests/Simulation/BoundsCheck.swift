import Dispatching
import JobModel
import JobStore

/// I6: what is accepted and unfinished stays within the limits, by what the store was told.
struct BoundsCheck {
    private struct Usage {
        var jobs = 0
        var bytes = 0
    }

    private var unfinished: [JobKey: Int] = [:]
    private var tenants: [String: Usage] = [:]
    private var total = Usage()
    /// Dead jobs that began again: their bytes are not known before the store has read them, so they are not refused.
    private var retried: Set<JobKey> = []
    private var retriedBytes = 0

    var isEmpty: Bool { unfinished.isEmpty }
    var keys: [JobKey] { unfinished.keys.sorted { $0.id < $1.id } }

    mutating func restarted(_ recovery: Recovery) {
        unfinished = [:]
        tenants = [:]
        total = Usage()
        retriedBytes = 0
        for job in recovery.jobs { add(job.key, bytes: job.byteCount) }
    }

    mutating func wrote(_ write: Write, _ outcome: WriteOutcome) {
        switch outcome {
        case .inserted(let job):
            if case .retryDead = write { retried.insert(job.key) }
            add(job.key, bytes: job.byteCount)
        case .finished(let records):
            for entry in records where entry.record.state.isTerminal { remove(entry) }
        case .ended(let record): remove(record)
        default: break
        }
    }

    func problem(_ settings: DispatchSettings) -> String? {
        if total.jobs > settings.queuedJobs { return "I6: \(total.jobs) jobs are queued, of \(settings.queuedJobs)" }
        if total.bytes > settings.queuedBytes + retriedBytes {
            return "I6: \(total.bytes) bytes are queued, of \(settings.queuedBytes)"
        }
        for usage in tenants.values {
            if settings.tenantQueuedJobs > 0, usage.jobs > settings.tenantQueuedJobs {
                return "I6: a tenant has \(usage.jobs) jobs queued, of \(settings.tenantQueuedJobs)"
            }
            if settings.tenantQueuedBytes > 0, usage.bytes > settings.tenantQueuedBytes + retriedBytes {
                return "I6: a tenant has \(usage.bytes) bytes queued, of \(settings.tenantQueuedBytes)"
            }
        }
        return nil
    }

    private mutating func add(_ key: JobKey, bytes: Int) {
        guard unfinished.updateValue(bytes, forKey: key) == nil else { return }
        count(key.tenant, jobs: 1, bytes: bytes)
        if retried.contains(key) { retriedBytes += bytes }
    }

    private mutating func remove(_ entry: LogEntry) {
        let key = JobKey(tenant: entry.tenant, id: entry.record.job)
        guard let bytes = unfinished.removeValue(forKey: key) else { return }
        count(key.tenant, jobs: -1, bytes: -bytes)
        if retried.remove(key) != nil { retriedBytes -= bytes }
    }

    private mutating func count(_ tenant: String, jobs: Int, bytes: Int) {
        tenants[tenant, default: Usage()].jobs += jobs
        tenants[tenant, default: Usage()].bytes += bytes
        total.jobs += jobs
        total.bytes += bytes
    }
}
