import JobModel
import JobStore
import SettingValues

extension Dispatcher {
    /// Decides that a job ends, and writes it down. Its chunks are given out no more; the job stays until the store has
    /// said so, or that it had ended before.
    mutating func end(
        _ job: JobRef, _ state: JobState, _ failure: Failure, cancellation: Part? = nil, receipt: Receipt? = nil
    ) {
        let isRepeated = jobs[job].isEnding
        guard !isRepeated || cancellation != nil || receipt != nil else { return }
        withdraw(job)
        jobs.end(job)
        write(
            JobEnd(
                key: key(of: job), state: state, failure: failure, attempts: jobs[job].attempts,
                cancellation: cancellation, receipt: receipt, isRepeated: isRepeated))
    }

    mutating func write(_ end: JobEnd) {
        outbox.write(
            .end(end.key, end.state, end.failure, attempts: end.attempts, at: now.wall), for: .end(end))
    }

    mutating func ended(_ end: JobEnd, _ outcome: WriteOutcome) {
        let tenant = tenants.index(of: end.key.tenant)
        if let job = jobs.find(end.key.id, tenant: tenant) { retire(job) }
        if let receipt = end.receipt { outbox.send(.settled([receipt.lease]), to: receipt.to) }
        guard case .ended(let entry) = outcome else {
            if let part = end.cancellation { outbox.read(.report(end.key), for: .cancelled(part)) }
            return
        }
        logged(entry)
        // One that is found damaged when it is to end is dead, whatever it was to be.
        switch entry.record.state {
        case .dead: died(tenant: tenant)
        case .expired: statistics.count(tenant: tenant) { $0.expired += 1 }
        case .cancelled: statistics.count(tenant: tenant) { $0.cancelled += 1 }
        default: break
        }
        if let part = end.cancellation { cancelled(part, state: entry.record.state) }
    }

    /// A job is on the list of the dead.
    mutating func died(tenant: Int) {
        statistics.countDead(1, tenant: tenant)
        statistics.count(tenant: tenant) { $0.failed += 1 }
    }

    /// The decision stands; whoever asked for it is told that it is not durable yet.
    mutating func endFailed(_ end: JobEnd, _ error: StoreError) {
        if let part = end.cancellation { cancellationFailed(part, error) }
        var again = end
        again.cancellation = nil
        if !end.isRepeated { unwrittenEnds.append(again) }
        schedule.retry = min(schedule.retry, now.after(milliseconds: settings.limits.retryAfterMs))
    }

    mutating func retryWrites() {
        schedule.retry = .max
        let ends = unwrittenEnds
        unwrittenEnds = []
        for end in ends where jobs.find(end.key.id, tenant: tenants.index(of: end.key.tenant)) != nil { write(end) }
        let offers = unwrittenOffers
        unwrittenOffers = []
        for offer in offers { outbox.write(.offer(offer), for: .offer(offer)) }
    }

    /// The job has ended, durably.
    mutating func retire(_ job: JobRef) {
        withdraw(job)
        admission.add(jobs: -1, bytes: -jobs[job].byteCount, tenant: jobs[job].tenant)
        routes.leave(jobs[job].route)
        jobs.remove(job)
        if expiries.count > 2 * jobs.count + 1024 { expiries.keep { jobs.contains($0) } }
    }

    /// A new record is in a tenant's log.
    mutating func logged(_ entry: LogEntry) {
        let tenant = tenants.index(of: entry.tenant)
        tenants.logged(entry.record.sequence, tenant: tenant)
        outbox.publish(entry)
        noteEnd(entry)
        deliver(toTenant: tenant)
    }

    private mutating func withdraw(_ job: JobRef) {
        for index in jobs[job].chunks.indices {
            let chunk = ChunkRef(job: job, index: UInt32(index))
            withdraw(chunk, to: jobs[chunk].state == .done ? .done : .withdrawn)
        }
    }

    /// Takes a chunk from wherever it is; a worker that has it is told.
    mutating func withdraw(_ chunk: ChunkRef, to state: LiveChunk.State) {
        switch jobs[chunk].state {
        case .queued(let place): queue.remove(place)
        case .suspect: suspects.remove(chunk)
        case .leased(let token):
            if let lease = leases[token] {
                if lease.unsent == nil, roster.contains(lease.worker) {
                    roster[lease.worker].cancelled.append(lease.name)
                }
                release(token)
            }
        default: break
        }
        jobs.set(state, of: chunk)
    }
}
