import JobModel
import JobStore

extension Dispatcher {
    mutating func handle(_ request: DeadLetterRequest, _ address: ReturnAddress) {
        switch request {
        case .list(let after, let limit):
            let limit = min(max(limit, 1), Self.idsMaximum)
            outbox.read(
                .deadLetters(tenant: address.peer.identity.tenant, after: after, limit: limit),
                for: .deadLetters(address))
        case .retry(let ids):
            forEach(ids, address) { dispatcher, key, part in dispatcher.retryDead(key, part) }
        case .drop(let ids):
            forEach(ids, address) { dispatcher, key, part in
                dispatcher.outbox.write(.dropDead(key), for: .dropDead(key, part))
            }
        }
    }

    private mutating func forEach(
        _ ids: [JobID], _ address: ReturnAddress, _ write: (inout Dispatcher, JobKey, Part) -> Void
    ) {
        guard ids.count <= Self.idsMaximum else {
            return refuse(
                .tooLarge, "\(ids.count) ids in one message; at most \(Self.idsMaximum) are taken", to: address)
        }
        guard !ids.isEmpty else { return outbox.send(.deadLetterReply([]), to: address) }
        let request = deadLetters.begin(address, count: ids.count)
        for (index, id) in ids.enumerated() {
            let key = JobKey(tenant: address.peer.identity.tenant, id: id)
            write(&self, key, Part(request: request, index: index))
        }
    }

    private mutating func retryDead(_ key: JobKey, _ part: Part) {
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
        statistics.deadJobs -= 1
        statistics.count(tenant: tenant) { $0.accepted += 1 }
        accept(job, tenant: tenant)
        noteAcceptance(of: job)
        var report = JobReport(job: job.key.id, state: .queued)
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
        statistics.deadJobs -= 1
        deadLetter(JobReport(job: key.id, state: .dead), for: part)
    }

    mutating func deadLetterFailed(_ part: Part, _ error: StoreError) {
        guard let address = deadLetters.abandon(part.request) else { return }
        refuse(.unavailable, "the store cannot do this now: \(error.message)", to: address)
    }

    private mutating func deadLetter(_ report: JobReport?, for part: Part) {
        guard let (address, reports) = deadLetters.answer(part, report) else { return }
        outbox.send(.deadLetterReply(reports.compactMap(\.self)), to: address)
    }
}
