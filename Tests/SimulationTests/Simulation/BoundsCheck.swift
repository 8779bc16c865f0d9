import Dispatching
import JobModel
import JobStore
import SettingValues

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

    func problem(_ limits: LimitSettings) -> String? {
        if total.jobs > limits.queuedJobsMax { return "I6: \(total.jobs) jobs are queued, of \(limits.queuedJobsMax)" }
        if total.bytes > limits.queuedBytesMax + retriedBytes {
            return "I6: \(total.bytes) bytes are queued, of \(limits.queuedBytesMax)"
        }
        for usage in tenants.values {
            if limits.tenantQueuedJobsMax > 0, usage.jobs > limits.tenantQueuedJobsMax {
                return "I6: a tenant has \(usage.jobs) jobs queued, of \(limits.tenantQueuedJobsMax)"
            }
            if limits.tenantQueuedBytesMax > 0, usage.bytes > limits.tenantQueuedBytesMax + retriedBytes {
                return "I6: a tenant has \(usage.bytes) bytes queued, of \(limits.tenantQueuedBytesMax)"
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
