import JobModel
import JobStore

extension Dispatcher {
    mutating func recover(_ recovery: Recovery) {
        for stored in recovery.offers {
            // What no sweep has noted yet counts from now.
            let seenAt = stored.seenAt > 0 ? stored.seenAt : age
            catalogue.restore(stored.offer, seen: Sighting(at: seenAt, noted: stored.seenAt))
        }
        for (name, sequence) in recovery.lastSequences.sorted(by: { $0.key < $1.key }) {
            tenants.logged(sequence, tenant: tenants.index(of: name))
        }
        for consumer in recovery.consumers where consumer.acknowledged > 0 {
            delivery.restore(
                tenant: tenants.index(of: consumer.tenant), name: consumer.name, acknowledged: consumer.acknowledged,
                seen: Sighting(at: consumer.seenAt > 0 ? consumer.seenAt : age, noted: consumer.seenAt))
        }
        for stored in recovery.glossaries { glossaries.restore(stored.glossary, tenant: stored.tenant) }
        for (tenant, count) in recovery.deadJobs.sorted(by: { $0.key < $1.key }) {
            statistics.countDead(count, tenant: tenants.index(of: tenant))
        }
        for job in recovery.jobs {
            let tenant = tenants.index(of: job.key.tenant)
            admission.add(jobs: 1, bytes: job.byteCount, tenant: tenant)
            // Clocks that never jump end with their machine, so that of such jobs the other clock tells how old they are.
            let age = min(now.wall > job.acceptedAt ? now.wall - job.acceptedAt : 0, 1 << 40)
            accept(job, tenant: tenant, at: Int64(clamping: now.monotonic) - Int64(age) * 1_000_000)
        }
        if jobs.chunks.queued == queue.count { schedule.resumeGrace = .max }
    }

    /// A job is durable: its chunks may be given out.
    ///
    /// - Parameter acceptedAt: On the monotonic clock; less than zero if that was before the machine started.
    mutating func accept(_ job: QueuedJob, tenant: Int, at acceptedAt: Int64) {
        let model = catalogue.index(of: job.model)
        let live = LiveJob(
            id: job.key.id, tenant: tenant, model: model,
            route: takeRoute(Routes.Route(model: model, languages: job.languages)),
            priority: UInt8(clamping: min(max(job.priority, 0), FairQueue.levelCount - 1)),
            maximumAttempts: job.maximumAttempts, expiresAt: job.expiresAt ?? .max, byteCount: job.byteCount,
            acceptedAt: acceptedAt,
            chunks: job.chunks.map { chunk in
                LiveChunk(cost: chunk.cost, attempts: chunk.attempts, state: chunk.isDone ? .done : .withdrawn)
            },
            hasBegun: job.chunks.contains { $0.isDone || $0.attempts > 0 || $0.lease != nil })
        let ref = jobs.insert(live)
        queue.setWeight(limits(of: tenant).weight, of: tenant)
        if let expiresAt = job.expiresAt { expiries.set(ref, at: expiresAt) }
        for (index, stored) in job.chunks.enumerated() where !stored.isDone {
            let chunk = ChunkRef(job: ref, index: UInt32(index))
            if let mark = stored.lease {
                jobs.set(.recovered(token: mark.token), of: chunk)
                jobs.suspect(chunk, mark.isAlone)
                leases.remember(mark.token, for: chunk)
            } else {
                enqueue(chunk)
            }
        }
    }

    /// The grace is over: the workers that had these have not come back.
    mutating func endResumeGrace() {
        schedule.resumeGrace = .max
        for job in jobs.all {
            for index in jobs[job].chunks.indices {
                let chunk = ChunkRef(job: job, index: UInt32(index))
                guard jobs.contains(job), case .recovered = jobs[chunk].state else { continue }
                if wasTorn { returnFromCrash(chunk) } else { giveBack(chunk) }
            }
        }
    }
}
