import Clocks
import JobModel
import JobStore
import SettingValues

/// Where a chunk goes when it is with no worker.
extension Dispatcher {
    /// To the queue, or to the suspects.
    /// - Parameter isReturned: It was at its turn before, and is the next.
    mutating func enqueue(_ chunk: ChunkRef, isReturned: Bool = false) {
        let cost = jobs[chunk].cost
        let route = jobs[chunk.job].route
        if jobs[chunk].isSuspect {
            suspects.add(chunk, route: route)
            jobs.set(.suspect, of: chunk)
        } else {
            let place = queue.add(
                chunk, cost: cost, route: route, tenant: jobs[chunk.job].tenant,
                priority: Int(jobs[chunk.job].priority), at: now.monotonic, isReturned: isReturned)
            jobs.set(.queued(place), of: chunk)
        }
    }

    /// To the queue at no charge.
    mutating func giveBack(_ chunk: ChunkRef) {
        writeRequeue(chunk, nil, receipt: nil)
        enqueue(chunk, isReturned: true)
    }

    /// To the queue at no charge, with what kept a worker from beginning it.
    mutating func returnUntouched(_ chunk: ChunkRef, _ failure: Failure, receipt: Receipt) {
        writeRequeue(chunk, failure, receipt: receipt)
        enqueue(chunk, isReturned: true)
    }

    /// Why a lease is taken back.
    enum LeaseEnd {
        /// Its worker gave it back, or the broker stops.
        case handedBack
        /// Its worker lives, and does not have it or does not answer.
        case unanswered
        case crash
    }

    /// Takes a lease back. An ASSIGN that was not sent has killed nobody, and nobody could answer it.
    mutating func giveBack(_ token: UInt64, _ end: LeaseEnd) {
        guard let lease = leases[token] else { return }
        release(token)
        let end = lease.unsent == nil ? end : .handedBack
        if end != .handedBack { statistics.count(tenant: jobs[lease.chunk.job].tenant) { $0.leasesLost += 1 } }
        switch end {
        case .handedBack: giveBack(lease.chunk)
        case .unanswered: returnUnanswered(lease)
        case .crash: returnFromCrash(lease.chunk)
        }
    }

    /// How many deliveries that come to nothing are an attempt. Not each of them is: a network that loses an ASSIGN is no
    /// fault of the job's. But nothing is given out without an end.
    private static let unansweredPerAttempt = 4

    private mutating func returnUnanswered(_ lease: Lease) {
        if roster.contains(lease.worker) { mistrust(lease.worker) }
        if lease.isRefused {
            let failure = Failure("bad_result", "a worker's answer could not be read, and it sent no better one")
            return charge(lease.chunk, failure, receipt: nil)
        }
        jobs.countUnanswered(lease.chunk)
        guard jobs[lease.chunk].unanswered >= Self.unansweredPerAttempt else { return giveBack(lease.chunk) }
        let failure = Failure(
            "not_answered",
            "workers were given this part of the job \(Self.unansweredPerAttempt) times for each attempt and did not answer"
        )
        charge(lease.chunk, failure, receipt: nil)
    }

    /// Something died with the chunk. The first time, others may have been the cause; the second time it was alone.
    mutating func returnFromCrash(_ chunk: ChunkRef) {
        let failure = Failure("worker_lost", "the worker that had this part of the job died")
        guard jobs[chunk].isSuspect else {
            jobs.suspect(chunk, true)
            writeRequeue(chunk, failure, receipt: nil)
            return enqueue(chunk)
        }
        charge(chunk, failure, receipt: nil)
    }

    /// A text that is damaged stays so; what else keeps it from being read may pass, and is no fault of the chunk's.
    mutating func unreadable(_ name: LeaseName, _ error: StoreError) {
        // What has been taken back meanwhile is not asked about any more.
        guard let lease = leases[name.token], lease.name == name else { return }
        release(name.token)
        // Where the store is, and what ails it, is the operator's to know, not the tenant's.
        if error.code == .damaged {
            let failure = Failure(
                "store_damaged",
                "the broker's disk did not give back the job's text as it was written; submit it again under another id"
            )
            outbox.note(.error, "a job's text is damaged: \(error.message)", ["job_id": "\(name.chunk.job)"])
            return end(lease.chunk.job, .dead, failure)
        }
        let failure = Failure("text_unreadable", "the broker cannot read the job's text")
        writeRequeue(lease.chunk, failure, receipt: nil)
        wait(lease.chunk, milliseconds: settings.broker.backoffBaseMs)
    }

    /// Charges an attempt; the chunk waits, or its job is dead.
    mutating func charge(_ chunk: ChunkRef, _ failure: Failure, receipt: Receipt?) {
        jobs.charge(chunk)
        let attempts = jobs[chunk].attempts
        guard attempts < jobs[chunk.job].maximumAttempts else {
            return end(chunk.job, .dead, failure, receipt: receipt)
        }
        writeRequeue(chunk, failure, receipt: receipt)
        var backoff = Backoff(
            base: .milliseconds(settings.broker.backoffBaseMs), maximum: .milliseconds(settings.broker.backoffMaxMs),
            seed: random.next())
        wait(chunk, milliseconds: backoff.wait(after: Int(attempts)).nanoseconds / 1_000_000)
    }

    mutating func wait(_ chunk: ChunkRef, milliseconds: some BinaryInteger) {
        let until = now.after(milliseconds: milliseconds)
        jobs.set(.waiting(until: until), of: chunk)
        setTimer(chunk, at: until)
    }

    mutating func setTimer(_ chunk: ChunkRef, at time: UInt64) {
        waits.set(chunk, at: time)
        if waits.count > 2 * jobs.chunks.queued + 1024 {
            waits.keep { jobs.contains($0.job) && jobs[$0].state.until != nil }
        }
    }

    /// A time has come; whether the chunk still waits for it is for the chunk to say.
    mutating func wake(_ chunk: ChunkRef, at time: UInt64) {
        guard jobs.contains(chunk.job), jobs[chunk].state.until == time else { return }
        if case .unsettled = jobs[chunk].state { return giveBack(chunk) }
        enqueue(chunk)
    }

    /// Ends a lease, whatever becomes of the chunk.
    mutating func release(_ token: UInt64) {
        guard let lease = leases[token] else { return }
        leases.lapse(token)
        guard roster.contains(lease.worker) else { return }
        roster[lease.worker].leases.removeAll { $0 == token }
        roster[lease.worker].leasedCost -= UInt64(lease.share)
        // One that came back after a restart may have brought the results of several.
        if lease.isAlone {
            roster[lease.worker].isAlone = roster[lease.worker].leases.contains { leases[$0]?.isAlone == true }
            roster[lease.worker].isUncertain = true
        }
    }

    private mutating func writeRequeue(_ chunk: ChunkRef, _ failure: Failure?, receipt: Receipt?) {
        outbox.write(
            .requeue(key(of: chunk.job), chunk: chunk.index, attempts: jobs[chunk].attempts, failure),
            for: .requeue(receipt))
    }
}
