import JobModel
import JobStore

extension Dispatcher {
    mutating func handle(_ request: DeadLetterRequest, in scope: TenantScope?, _ address: ReturnAddress) {
        switch request {
        case .list(let after, let from, let limit):
            let limit = min(max(limit, 1), Limit.jobs)
            switch coverage(of: scope, address) {
            case nil: break
            case .tenant(let tenant):
                outbox.read(.deadLetters(tenant: tenant, after: after, limit: limit), for: .deadLetters(address))
            case .all:
                outbox.read(
                    .allDeadLetters(fromTenant: from, after: after, limit: limit), for: .deadLetters(address))
            }
        case .retry(let ids): perform(.retry, ids, in: scope, address)
        case .drop(let ids): perform(.drop, ids, in: scope, address)
        }
    }

    mutating func forEach(
        _ keys: [JobKey], _ address: ReturnAddress, _ write: (inout Dispatcher, JobKey, Part) -> Void
    ) {
        guard !keys.isEmpty else { return outbox.send(.deadLetterReply([]), to: address) }
        let request = deadLetters.begin(address, count: keys.count)
        for (index, key) in keys.enumerated() { write(&self, key, Part(request: request, index: index)) }
    }

    mutating func retryDead(_ key: JobKey, _ part: Part) {
        let tenant = tenants.index(of: key.tenant)
        if let shortage = admission.shortage(
            bytes: 0, tenant: tenant, settings: settings, limits: limits(of: tenant))
        {
            guard let address = deadLetters.abandon(part.request) else { return }
            return refuse(.unavailable, shortage.message, to: address)
        }
        // Its bytes are not known before the store has read it.
        admission.begin(bytes: 0, tenant: tenant)
        let new = JobID(high: random.next(), low: random.next())
        outbox.write(.retryDead(key, newID: new, at: now.wall), for: .retryDead(key, part))
    }

    mutating func retriedDead(_ key: JobKey, _ part: Part, _ outcome: WriteOutcome) {
        let tenant = tenants.index(of: key.tenant)
        guard case .inserted(let job) = outcome else {
            admission.settle(bytes: 0, tenant: tenant, isKept: false)
            return deadLetter(nil, for: part)
        }
        admission.settle(bytes: 0, tenant: tenant, isKept: true)
        admission.add(jobs: 0, bytes: job.byteCount, tenant: tenant)
        statistics.countDead(-1, tenant: tenant)
        statistics.count(tenant: tenant) { $0.accepted += 1 }
        accept(job, tenant: tenant, at: Int64(clamping: now.monotonic))
        noteAcceptance(of: job)
        var report = JobReport(job: job.key.id, state: .queued)
        report.tenant = key.tenant
        report.chunks = job.chunks.count
        report.priority = job.priority
        report.acceptedAt = job.acceptedAt
        report.expiresAt = job.expiresAt
        report.model = job.model
        report.retryOf = key.id
        deadLetter(report, for: part)
    }

    mutating func droppedDead(_ key: JobKey, _ part: Part, _ outcome: WriteOutcome) {
        if outcome == .notDead { return deadLetter(nil, for: part) }
        statistics.countDead(-1, tenant: tenants.index(of: key.tenant))
        var report = JobReport(job: key.id, state: .dead)
        report.tenant = key.tenant
        deadLetter(report, for: part)
    }

    mutating func deadLetterFailed(_ part: Part, _ error: StoreError) {
        guard let address = deadLetters.abandon(part.request) else { return }
        refuse(.unavailable, "the store cannot do this now: \(error.forTenants)", to: address)
    }

    private mutating func deadLetter(_ report: JobReport?, for part: Part) {
        guard let (address, reports) = deadLetters.answer(part, report) else { return }
        outbox.send(.deadLetterReply(reports.compactMap(\.self)), to: address)
    }
}
