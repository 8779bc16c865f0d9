package import JobModel
package import JobStore
import SettingValues

/// Which jobs the broker takes. Everything that it holds is counted here before it is held.
package struct Admission: Sendable {
    package struct Usage: Sendable, Hashable {
        package var jobs = 0
        package var bytes = 0
    }

    package var isDraining = false
    package var diskIsLow = false
    package var storeProblem: StoreError?
    /// Of unfinished jobs, those on their way to the disk included.
    package private(set) var total = Usage()
    package private(set) var tenants: [Usage] = []
    /// Of jobs on their way to the disk.
    package private(set) var uncommittedBytes = 0

    package init() {}

    package func usage(of tenant: Int) -> Usage { tenants.indices.contains(tenant) ? tenants[tenant] : Usage() }

    /// What is wrong with the job itself, whatever the broker's state.
    package func problem(of job: Job, settings: DispatchSettings, limits: TenantLimits) -> Rejection? {
        if job.sources.isEmpty { return Rejection(.invalid, "the job has no sources; give one or more") }
        if job.sources.count > settings.limits.textsPerJobMax {
            return Rejection(
                .tooLarge,
                "the job has \(job.sources.count) sources; at most \(settings.limits.textsPerJobMax) are taken: make several jobs"
            )
        }
        let bytes = job.byteCount
        if bytes
            > min(settings.limits.queuedBytesMax, settings.limits.inflightBytesMax, settings.queuedBytesMaximum(limits))
        {
            return Rejection(.tooLarge, "the job has \(bytes) bytes, which is more than the queue takes")
        }
        if let problem = job.options.problem(named: \.key) { return Rejection(.invalid, problem) }
        if !Job.priorities.contains(job.priority) {
            return Rejection(.invalid, "priority must be 0 to 3, not \(job.priority)")
        }
        if let most = limits.priorityMaximum, job.priority > most {
            return Rejection(
                .invalid, "priority \(job.priority) is not for this tenant, which may ask for \(most) at most")
        }
        if let attempts = job.maximumAttempts, !Job.attempts.contains(attempts) {
            return Rejection(.invalid, "max_attempts must be 1 to \(Job.attempts.upperBound), not \(attempts)")
        }
        return Self.lengths(of: job).first { $0.bytes > $0.most }.map {
            Rejection(.invalid, "\($0.name) must be at most \($0.most) bytes, not \($0.bytes)")
        }
    }

    /// Why no job is taken at present.
    package var refusal: String? {
        if isDraining { return "the broker is about to stop; try again when it is back" }
        switch storeProblem?.code {
        case nil: break
        case .lost?: return "the broker's job store was deleted; its operator must restart it"
        case .full?: return "the broker's disk is full; try again when there is space"
        case .unreachable?: return "the broker's database does not answer at present; try again later"
        case .some: return "the broker's job store cannot be written to; its operator must look at it"
        }
        return diskIsLow ? "the broker's disk is nearly full; try again when there is space" : nil
    }

    /// Whether the epoch is durable. What is in files that are gone still counts for as long as the broker runs.
    package var mayLease: Bool { storeProblem == nil || storeProblem?.code == .lost }

    /// Why a job must wait, good as it may be.
    package func shortage(
        bytes: Int, tenant: Int, settings: DispatchSettings, limits: TenantLimits
    ) -> Rejection? {
        func later(_ message: String) -> Rejection {
            Rejection(.retryLater, message, retryAfterMilliseconds: settings.retryAfterMilliseconds)
        }
        func amount(_ jobs: Int, _ bytes: Int) -> String { "\(jobs.counted("job")), \(bytes.counted("byte"))" }
        if let refusal { return later(refusal) }
        let used = usage(of: tenant)
        if total.jobs >= settings.limits.queuedJobsMax || total.bytes + bytes > settings.limits.queuedBytesMax {
            return later("the queue is full (\(amount(total.jobs, total.bytes))); try again later")
        }
        if used.jobs >= settings.queuedJobsMaximum(limits) || used.bytes + bytes > settings.queuedBytesMaximum(limits) {
            return later("your quota is used up (\(amount(used.jobs, used.bytes))); try again later")
        }
        if uncommittedBytes + bytes > settings.limits.inflightBytesMax {
            return later("too much is on its way to the disk (\(uncommittedBytes.counted("byte"))); try again later")
        }
        return nil
    }

    /// A job is on its way to the disk.
    package mutating func begin(bytes: Int, tenant: Int) {
        uncommittedBytes += bytes
        add(jobs: 1, bytes: bytes, tenant: tenant)
    }

    /// It is there, or has been given up.
    package mutating func settle(bytes: Int, tenant: Int, isKept: Bool) {
        uncommittedBytes -= bytes
        if !isKept { add(jobs: -1, bytes: -bytes, tenant: tenant) }
    }

    /// A job that was on the disk already, or has ended.
    package mutating func add(jobs: Int, bytes: Int, tenant: Int) {
        while tenants.count <= tenant { tenants.append(Usage()) }
        tenants[tenant].jobs += jobs
        tenants[tenant].bytes += bytes
        total.jobs += jobs
        total.bytes += bytes
        precondition(tenants[tenant].jobs >= 0 && tenants[tenant].bytes >= 0, "a job was given back twice")
    }

    /// Why a job comes too soon after others of its tenant.
    package static func tooSoon(_ limits: TenantLimits, retryAfter: UInt32) -> Rejection {
        let rates = [
            limits.jobsPerSecond.map { $0.counted("job") }, limits.textsPerSecond.map { $0.counted("text") },
        ]
        return Rejection(
            .retryLater, "this tenant may submit \(rates.compactMap(\.self).joined(separator: " and ")) a second",
            retryAfterMilliseconds: retryAfter)
    }

    /// Why a job has to wait for others that are between other languages.
    static func tooManyPairs(retryAfter: UInt32) -> Rejection {
        Rejection(
            .retryLater, "jobs for \(Routes.usedMaximum) pairs of languages are queued; try again when some have ended",
            retryAfterMilliseconds: retryAfter)
    }

    private static func lengths(of job: Job) -> [(name: String, bytes: Int, most: Int)] {
        var lengths = [
            ("digest", job.digest.count, Limit.digest), ("topic", job.topic.utf8.count, Limit.topic),
            ("trace", job.trace.utf8.count, Limit.trace),
        ]
        if let name = job.glossaryName { lengths.append(("glossary_name", name.utf8.count, Limit.name)) }
        if let name = job.model.name { lengths.append(("model", name.utf8.count, Limit.name)) }
        let languages = job.model.languages
        for (name, language) in [("source_language", languages.source), ("target_language", languages.target)] {
            if let language { lengths.append((name, language.utf8.count, Limit.language)) }
        }
        return lengths
    }
}
