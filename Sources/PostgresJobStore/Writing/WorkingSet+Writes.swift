import JobModel
import JobStore
import Wire

extension WorkingSet {
    /// - Parameter write: Any but `purge`, which has to do with all rows.
    mutating func apply(_ write: Write) -> WriteOutcome {
        switch write {
        case .insert(let stored): return insert(stored)
        case .recognize(let key, let digest):
            return job(key).map { $0.digest == digest ? .duplicate : .conflict } ?? .noted
        case .lease(let key, let chunk, let mark):
            lease(key, chunk, mark)
            return .noted
        case .requeue(let key, let chunk, let attempts, let failure):
            requeue(key, chunk, attempts, failure)
            return .noted
        case .finish(let key, let chunk, let result): return finish(key, chunk, result)
        case .end(let key, let state, let failure, let attempts, let time):
            precondition([.dead, .expired, .cancelled].contains(state), "a job is not ended as \(state)")
            guard let job = unfinished(key) else { return .alreadyTerminal }
            return .ended(end(job, state, failure, attempts: attempts, at: time))
        case .acknowledge(let tenant, let consumer, let sequence):
            return .acknowledged(upTo: acknowledge(ConsumerKey(tenant: tenant, name: consumer), sequence))
        case .retryDead(let key, let newID, let time): return retryDead(key, newID, at: time)
        case .dropDead(let key):
            guard let job = letter(key) else { return .notDead }
            takeOffList(job)
            removeContent(of: job.number)
            return .noted
        case .offer(let offer):
            offers[offer.name] = Recovery.Offer(offer, seenAt: offers[offer.name]?.seenAt ?? 0)
            changes.changedOffers.insert(offer.name)
            return .noted
        case .forgetOffer(let name):
            offers[name] = nil
            changes.changedOffers.insert(name)
            return .noted
        case .removeConsumer(let key):
            consumers[key] = nil
            changes.changedConsumers.insert(key)
            return .noted
        case .seen(let keys, let models, let age):
            for key in keys where consumers[key] != nil {
                consumers[key]?.seenAt = age
                changes.changedConsumers.insert(key)
            }
            for model in models where offers[model] != nil {
                offers[model]?.seenAt = age
                changes.changedOffers.insert(model)
            }
            return .noted
        case .keepGlossary(let glossary, let tenant):
            changes.glossaries[GlossaryKey(tenant: tenant, name: glossary.name)] = .some(glossary)
            return .noted
        case .removeGlossary(let key):
            changes.glossaries[key] = .some(nil)
            return .noted
        case .purge: preconditionFailure("a purge is a transaction's, not a working set's")
        }
    }

    private mutating func insert(_ stored: StoredJob) -> WriteOutcome {
        precondition(!stored.chunks.isEmpty, "a job has chunks")
        if let present = job(JobKey(tenant: stored.tenant, id: stored.job.id)) {
            return present.digest == stored.digest ? .duplicate : .conflict
        }
        let job = JobImage(stored, number: nextNumber())
        add(job)
        changes.newContents[job.number] = StoredMessage.content(of: stored.job)
        return .inserted(job.queued)
    }

    private mutating func nextNumber() -> Int64 {
        guard let number = freeNumbers.popFirst() else { preconditionFailure("a number was taken for each new job") }
        return number
    }

    /// A chunk that is not done, of a job that has not ended.
    private func open(_ key: JobKey, _ chunk: UInt32) -> (JobImage, ChunkKey)? {
        guard let job = unfinished(key), chunk < job.plan.chunks.count else { return nil }
        let chunk = ChunkKey(job: job.number, chunk: chunk)
        return chunks[chunk]?.isDone == true ? nil : (job, chunk)
    }

    private mutating func lease(_ key: JobKey, _ chunk: UInt32, _ mark: LeaseMark) {
        guard let (_, chunk) = open(key, chunk) else { return }
        changeChunk(chunk) { $0.lease = mark }
    }

    private mutating func requeue(_ key: JobKey, _ chunk: UInt32, _ attempts: UInt32, _ failure: Failure?) {
        guard case (var job, let chunk)? = open(key, chunk) else { return }
        changeChunk(chunk) {
            $0.lease = nil
            $0.attempts = attempts
        }
        guard attempts > job.attempts || failure != nil else { return }
        job.attempts = max(job.attempts, attempts)
        job.failure = failure ?? job.failure
        change(job)
    }

    private mutating func finish(_ key: JobKey, _ chunk: UInt32, _ result: ChunkResult) -> WriteOutcome {
        guard var job = unfinished(key) else { return .alreadyTerminal }
        guard !job.plan.chunks.isEmpty else {
            return .finished(records: [end(job, .dead, .storeDamaged, attempts: job.attempts, at: result.finishedAt)])
        }
        guard chunk < job.plan.chunks.count else { return .mismatch }
        let chunkKey = ChunkKey(job: job.number, chunk: chunk)
        if chunks[chunkKey]?.isDone == true { return .alreadyTerminal }
        let plan = job.plan.chunks[Int(chunk)]
        guard plan.matches(result.outputs) else { return .mismatch }

        job.chunksDone += 1
        job.attempts = max(job.attempts, result.attempts)
        job.outputBytes += result.publishedByteCount
        if let failure = result.problem(ofJobWith: job.outputBytes) {
            return .finished(records: [end(job, .dead, failure, attempts: job.attempts, at: result.finishedAt)])
        }
        changeChunk(chunkKey) {
            $0 = ChunkImage(isDone: true, attempts: result.attempts, outputs: result.outputs)
        }
        let isLast = job.chunksDone == job.plan.chunks.count
        let results = isLast ? results(of: job) : []
        guard let results else {
            return .finished(records: [end(job, .dead, .storeDamaged, attempts: job.attempts, at: result.finishedAt)])
        }
        var records: [LogEntry] = []
        if job.wantsPartial {
            records.append(
                log(job, .running, at: result.finishedAt) { record in
                    record.outputs = result.outputs.map(Assembly.published)
                    record.pieces = plan.pieces
                    record.attempts = Int(result.attempts)
                })
        }
        if isLast {
            let last = log(job, .done, at: result.finishedAt) { record in
                record.outputs = Assembly.outputs(of: job.plan.chunks, results)
                record.attempts = Int(job.attempts)
            }
            close(job, last.record, at: result.finishedAt)
            records.append(last)
        } else {
            change(job)
        }
        return .finished(records: records)
    }

    /// - Returns: The outputs of each chunk; nil when some are not in the database, where they should be.
    private func results(of job: JobImage) -> [[Output]]? {
        var results: [[Output]] = []
        for (index, plan) in job.plan.chunks.enumerated() {
            guard let outputs = chunks[ChunkKey(job: job.number, chunk: UInt32(index))]?.outputs,
                plan.matches(outputs)
            else { return nil }
            results.append(outputs)
        }
        return results
    }

    private mutating func end(
        _ job: JobImage, _ state: JobState, _ failure: Failure, attempts: UInt32, at time: UInt64
    ) -> LogEntry {
        let entry = log(job, state, at: time) { record in
            record.failure = failure
            record.attempts = Int(attempts)
        }
        var job = job
        job.failure = failure
        job.attempts = max(job.attempts, attempts)
        close(job, entry.record, at: time)
        return entry
    }

    /// Gives a job its terminal record, and forgets what only an unfinished one needs.
    private mutating func close(_ job: JobImage, _ record: Record, at time: UInt64) {
        var job = job
        job.state = record.state
        job.sequence = record.sequence
        job.finishedAt = time
        job.isDeadLetter = record.state == .dead
        change(job)
        changes.closedJobs.insert(job.number)
        // The dead may be tried again.
        if !job.isDeadLetter { removeContent(of: job.number) }
    }

    /// Adds a record to the log of the job's tenant.
    private mutating func log(
        _ job: JobImage, _ state: JobState, at time: UInt64, fill: (inout Record) -> Void
    ) -> LogEntry {
        let tenant = job.key.tenant
        logs[tenant, default: LogEnd()].last += 1
        changes.changedLogs.insert(tenant)
        var record = job.plan.draft
        record.sequence = logs[tenant]!.last
        record.state = state
        record.finishedAt = time
        fill(&record)
        let entry = LogEntry(record, of: tenant)
        changes.records.append(
            RecordRow(tenant: tenant, job: job.number, state: state, encoded: entry.encoded))
        return entry
    }

    private mutating func acknowledge(_ key: ConsumerKey, _ sequence: UInt64) -> UInt64 {
        var cursor = consumers[key] ?? Cursor()
        cursor.acknowledged = max(cursor.acknowledged, min(sequence, logs[key.tenant]?.last ?? 0))
        consumers[key] = cursor
        changes.changedConsumers.insert(key)
        return cursor.acknowledged
    }

    private func letter(_ key: JobKey) -> JobImage? { job(key).flatMap { $0.isDeadLetter ? $0 : nil } }

    private mutating func retryDead(_ key: JobKey, _ newID: JobID, at time: UInt64) -> WriteOutcome {
        guard let dead = letter(key) else { return .notDead }
        guard job(JobKey(tenant: key.tenant, id: newID)) == nil else { return .conflict }
        let job = JobImage(retrying: dead, as: newID, number: nextNumber(), at: time)
        add(job)
        takeOffList(dead)
        moveContent(from: dead.number, to: job.number)
        return .inserted(job.queued)
    }

    /// A job whose record is gone was kept for the list alone.
    private mutating func takeOffList(_ job: JobImage) {
        if job.sequence ?? 0 <= logs[job.key.tenant]?.purged ?? 0 {
            remove(job)
        } else {
            var job = job
            job.isDeadLetter = false
            change(job)
        }
    }
}
