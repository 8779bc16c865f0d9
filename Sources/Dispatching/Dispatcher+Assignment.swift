import JobModel
import JobStore
import SettingValues

/// Who gets what.
extension Dispatcher {
    /// Gives chunks out, one at a time to the emptiest worker, so that a long document's chunks go to all of them.
    mutating func assign() {
        guard !admission.isDraining, admission.mayLease, queue.count > 0 || !suspects.isEmpty else { return }
        queue.rise(at: now.monotonic, ageing: UInt64(settings.limits.ageingMs))
        var hungry = roster.all.filter { roster[$0].isHungry(at: now.monotonic) }
        while let index = hungry.indices.min(by: { roster[hungry[$0]].load < roster[hungry[$1]].load }) {
            if !assignOne(to: hungry[index]) || !roster[hungry[index]].isHungry(at: now.monotonic) {
                hungry.remove(at: index)
            }
        }
    }

    /// - Returns: whether the worker was given one, and may be given another.
    private mutating func assignOne(to worker: WorkerRef) -> Bool {
        let routes = routes(of: worker)
        if let suspect = suspects.first(for: routes) {
            if isFree(worker) {
                suspects.remove(suspect)
                lease(suspect, to: worker, isAlone: true)
                return false
            }
            if isToClear(worker) { return false }
        }
        // Workers of the broker's own process die together.
        if awaitsLeaseCommit && (leases.aloneCount > 0 || isSuspectDue) { return false }
        let isFilling = roster[worker].bucketTokens > 0
        guard let place = queue.next(for: routes, preferring: isFilling ? roster[worker].bucket : nil) else {
            return false
        }
        let cost = queue.cost(at: place)
        guard roster[worker].fits(cost) else { return false }
        let bucket = queue.bucket(at: place)
        if !isFilling || roster[worker].bucket != bucket {
            roster[worker].bucket = bucket
            roster[worker].bucketTokens = Int(clamping: roster[worker].window)
        }
        roster[worker].bucketTokens -= Int(cost)
        lease(queue.take(place), to: worker, isAlone: false)
        return true
    }

    /// Whether some worker can take a suspect.
    private var isSuspectDue: Bool {
        !suspects.isEmpty && roster.all.contains(where: canTakeSuspect)
    }

    /// Whether a suspect would be alone with it.
    private func isFree(_ worker: WorkerRef) -> Bool {
        awaitsLeaseCommit ? leases.count == 0 : roster[worker].leases.isEmpty
    }

    private func canTakeSuspect(_ worker: WorkerRef) -> Bool {
        roster.contains(worker) && !roster[worker].isLeaving && !roster[worker].isUnreachable
            && roster[worker].window > 0 && roster[worker].pausedUntil <= now.monotonic
            && suspects.first(for: routes(of: worker)) != nil
    }

    /// When all workers are busy, one of them is given nothing more until it is free for a suspect.
    private mutating func isToClear(_ worker: WorkerRef) -> Bool {
        if awaitsLeaseCommit { return true }
        if let clearing, clearing != worker, canTakeSuspect(clearing) { return false }
        clearing = worker
        return true
    }

    private mutating func lease(_ chunk: ChunkRef, to worker: WorkerRef, isAlone: Bool) {
        let job = key(of: chunk.job)
        let token = leases.newToken()
        let name = LeaseName(chunk: ChunkID(job: job.id, index: chunk.index), token: token)
        let attempt = jobs[chunk].attempts + 1
        let expiresAt = jobs[chunk.job].expiresAt
        let assignment = Assignment(
            job: job, lease: name, attempt: attempt, cost: jobs[chunk].cost,
            deadlineMilliseconds: expiresAt == .max ? nil : max(1, expiresAt > now.wall ? expiresAt - now.wall : 0),
            priority: Int(jobs[chunk.job].priority), isAlone: isAlone)
        let share = roster[worker].share(of: assignment.cost)
        leases.add(
            Lease(
                chunk: chunk, name: name, worker: worker, share: share, isAlone: isAlone,
                until: now.after(milliseconds: settings.broker.leaseMs), unsent: awaitsLeaseCommit ? assignment : nil))
        roster[worker].leases.append(token)
        roster[worker].leasedCost += UInt64(share)
        if isAlone { roster[worker].isAlone = true }
        pauseAgain(jobs[chunk.job].model, of: worker)
        jobs.set(.leased(token: token), of: chunk)
        if let acceptedAt = jobs.begin(chunk.job) {
            let wait = now.nanoseconds(since: acceptedAt)
            statistics.began(after: wait, tenant: jobs[chunk.job].tenant, at: now.monotonic)
        }
        noteLease(assignment, to: worker)
        let mark = LeaseMark(token: token, attempt: attempt, instance: roster[worker].instance, isAlone: isAlone)
        // A suspect may kill its broker as soon as it is with a worker.
        outbox.write(
            .lease(job, chunk: chunk.index, mark), for: .lease(token: token),
            delay: isAlone || awaitsLeaseCommit ? 0 : noteDelay)
        if !awaitsLeaseCommit { outbox.perform(.assign(assignment, to: roster[worker].peer)) }
    }

    /// The lease is durable: an ASSIGN that waited for that goes out.
    mutating func leased(_ token: UInt64) {
        guard var lease = leases[token], let assignment = lease.unsent else { return }
        lease.unsent = nil
        lease.until = now.after(milliseconds: settings.broker.leaseMs)
        leases[token] = lease
        outbox.perform(.assign(assignment, to: roster[lease.worker].peer))
    }

    mutating func leaseFailed(_ token: UInt64) {
        guard let lease = leases[token], lease.unsent != nil else { return }
        release(token)
        wait(lease.chunk, milliseconds: settings.broker.backoffBaseMs)
    }
}
