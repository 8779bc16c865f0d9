import JobModel
import JobStore
import SettingValues

/// What workers make of their chunks.
extension Dispatcher {
    /// The first DONE wins, whoever sends it (I3): the translation is the same.
    mutating func received(_ done: Done, from worker: WorkerRef, _ address: ReturnAddress) {
        let receipt = Receipt(lease: done.lease, to: address)
        guard let chunk = chunk(of: done.lease), jobs[chunk].state != .done else {
            return outbox.send(.settled([done.lease]), to: address)
        }
        // It was sent again while it is on its way to the disk: the first one's answer is to come.
        if jobs[chunk].state == .finishing(token: done.lease.token) { return }
        let attempts = jobs[chunk].attempts + 1
        if let lease = leases[done.lease.token] {
            roster[lease.worker].done += 1
            modelIsAvailable(jobs[chunk.job].model, of: lease.worker)
            roster[lease.worker].meter.count(
                tokens: done.sourceTokens, sentences: done.sentences, at: now.monotonic)
            release(done.lease.token)
            jobs.set(.finishing(token: done.lease.token), of: chunk)
        } else if case .unsettled(done.lease.token, _) = jobs[chunk].state {
            jobs.set(.finishing(token: done.lease.token), of: chunk)
        }
        outbox.write(
            .finish(
                key(of: chunk.job), chunk: chunk.index,
                ChunkResult(
                    outputs: done.outputs, attempts: attempts, finishedAt: now.wall,
                    jobBytesMaximum: settings.limits.resultBytesMax)),
            for: .finish(
                Finish(
                    chunk: chunk, receipt: receipt, model: jobs[chunk.job].model, sourceTokens: done.sourceTokens,
                    sentences: done.sentences)),
            delay: resultDelay)
    }

    mutating func finished(_ finish: Finish, _ outcome: WriteOutcome) {
        outbox.send(.settled([finish.receipt.lease]), to: finish.receipt.to)
        let job = finish.chunk.job
        guard case .finished(let records) = outcome else {
            if outcome == .mismatch { return mismatched(finish) }
            // Another result came first; the chunk went with it.
            if jobs.contains(job), case .finishing = jobs[finish.chunk].state { jobs.set(.done, of: finish.chunk) }
            return
        }
        if let worker = roster.find(finish.receipt.to.peer) { trust(worker) }
        if jobs.contains(job) {
            let tenant = jobs[job].tenant
            statistics.finished(finish, tenant: tenant, at: now.monotonic)
            withdraw(finish.chunk, to: .done)
            if let end = records.first(where: \.record.state.isTerminal) {
                let duration = now.nanoseconds(since: jobs[job].acceptedAt)
                retire(job)
                // A result may be too large to be one.
                if end.record.state == .dead {
                    died(tenant: tenant)
                } else {
                    statistics.done(after: duration, tenant: tenant, at: now.monotonic)
                }
            }
        }
        for record in records { logged(record) }
    }

    /// A worker that does not answer what it was asked has failed.
    private mutating func mismatched(_ finish: Finish) {
        if let worker = roster.find(finish.receipt.to.peer) { mistrust(worker) }
        let token = finish.receipt.lease.token
        guard jobs.contains(finish.chunk.job), jobs[finish.chunk].state == .finishing(token: token) else { return }
        charge(
            finish.chunk, Failure("bad_result", "a worker did not send one output for each source of its chunk"),
            receipt: nil)
    }

    /// Nothing is lost: the worker keeps the result and sends it again. If it does not, the chunk is translated again.
    mutating func finishFailed(_ finish: Finish, _ error: StoreError) {
        let token = finish.receipt.lease.token
        guard jobs.contains(finish.chunk.job), jobs[finish.chunk].state == .finishing(token: token) else { return }
        let until = now.after(milliseconds: settings.broker.leaseMs)
        jobs.set(.unsettled(token: token, until: until), of: finish.chunk)
        setTimer(finish.chunk, at: until)
    }

    /// Only who has the chunk may fail it (I3).
    mutating func received(_ fail: Fail, from worker: WorkerRef, _ address: ReturnAddress) {
        guard let lease = leases[fail.lease.token], lease.worker == worker, lease.name == fail.lease else {
            return outbox.send(.settled([fail.lease]), to: address)
        }
        release(fail.lease.token)
        let receipt = Receipt(lease: fail.lease, to: address)
        if fail.isRetryable, fail.failure.code == Failure.modelUnavailable {
            return modelIsUnavailable(fail, of: lease.chunk, from: worker, receipt)
        }
        roster[worker].failed += 1
        // A worker that says so has not died of it.
        jobs.suspect(lease.chunk, false)
        if fail.isRetryable { return charge(lease.chunk, fail.failure, receipt: receipt) }
        jobs.charge(lease.chunk)
        end(lease.chunk.job, .dead, fail.failure, receipt: receipt)
    }
}
