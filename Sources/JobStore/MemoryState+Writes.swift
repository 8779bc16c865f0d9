import JobModel

extension MemoryState {
    mutating func apply(_ write: Write) -> WriteOutcome {
        switch write {
        case .insert(let stored):
            return insert(stored)
        case .recognize(let key, let digest):
            guard let entry = jobs[key] else { return .noted }
            return entry.stored.digest == digest ? .duplicate : .conflict
        case .lease(let key, let chunk, let mark):
            update(key, chunk) { $0.chunks[$1].lease = mark }
            return .noted
        case .requeue(let key, let chunk, let attempts, let failure):
            update(key, chunk) { entry, chunk in
                entry.chunks[chunk].lease = nil
                entry.chunks[chunk].attempts = attempts
                entry.attempts = max(entry.attempts, attempts)
                entry.failure = failure ?? entry.failure
            }
            return .noted
        case .finish(let key, let chunk, let result):
            return finish(key, chunk, result)
        case .end(let key, let state, let failure, let attempts, let time):
            return end(key, state, failure, attempts: attempts, at: time)
        case .acknowledge(let tenant, let consumer, let sequence):
            var cursor = consumers[tenant]?[consumer] ?? Cursor()
            cursor.acknowledged = max(cursor.acknowledged, min(sequence, logs[tenant]?.last ?? 0))
            consumers[tenant, default: [:]][consumer] = cursor
            return .acknowledged(upTo: cursor.acknowledged)
        case .retryDead(let key, let newID, let time):
            return retryDead(key, newID, at: time)
        case .dropDead(let key):
            guard dead.remove(key) != nil else { return .notDead }
            leaveDeadLetters(key)
            return .noted
        case .offer(let offer):
            offers[offer.name] = Recovery.Offer(offer, seenAt: offers[offer.name]?.seenAt ?? 0)
            return .noted
        case .keepGlossary(let glossary, let tenant):
            glossaries[GlossaryKey(tenant: tenant, name: glossary.name)] = glossary
            return .noted
        case .removeGlossary(let key):
            glossaries[key] = nil
            return .noted
        case .forgetOffer(let name):
            offers[name] = nil
            return .noted
        case .removeConsumer(let key):
            consumers[key.tenant]?[key.name] = nil
            return .noted
        case .seen(let keys, let models, let time):
            for key in keys { consumers[key.tenant]?[key.name]?.seenAt = time }
            for model in models { offers[model]?.seenAt = time }
            return .noted
        case .purge(let age, let retention, let acknowledgedRetention, let consumerAbandonment, let limit):
            self.age = max(self.age, age)
            return purge(
                retention: retention, acknowledgedRetention: acknowledgedRetention,
                consumerAbandonment: consumerAbandonment, limit: limit)
        }
    }

    /// Changes a chunk that is not done, of a job that has not ended.
    private mutating func update(_ key: JobKey, _ chunk: UInt32, _ change: (inout Entry, Int) -> Void) {
        guard var entry = jobs[key], !entry.state.isTerminal, chunk < entry.chunks.count,
            !entry.chunks[Int(chunk)].isDone
        else { return }
        jobs[key] = nil
        change(&entry, Int(chunk))
        jobs[key] = entry
    }

    private mutating func finish(_ key: JobKey, _ chunk: UInt32, _ result: ChunkResult) -> WriteOutcome {
        guard var entry = jobs[key], !entry.state.isTerminal else { return .alreadyTerminal }
        let index = Int(chunk)
        guard index < entry.chunks.count else { return .mismatch }
        if entry.chunks[index].isDone { return .alreadyTerminal }
        guard entry.stored.chunks[index].matches(result.outputs) else { return .mismatch }
        entry.chunks[index].isDone = true
        entry.chunks[index].lease = nil
        entry.chunks[index].attempts = result.attempts
        entry.results[index] = result.outputs
        entry.attempts = max(entry.attempts, result.attempts)
        entry.resultBytes += result.publishedByteCount
        if let failure = result.problem(ofJobWith: entry.resultBytes) {
            let logged = end(&entry, .dead, failure, attempts: entry.attempts, at: result.finishedAt)
            jobs[key] = entry
            return .finished(records: [logged])
        }
        var records: [LogEntry] = []
        if entry.stored.job.wantsPartialResults {
            records.append(
                log(entry, .running, attempts: result.attempts, at: result.finishedAt) { record in
                    record.outputs = result.outputs.map(Assembly.published)
                    record.pieces = entry.stored.chunks[index].pieces
                })
        }
        if entry.chunks.allSatisfy(\.isDone) {
            let outputs = Assembly.outputs(of: entry.stored.chunks, entry.results.map { $0 ?? [] })
            let last = log(entry, .done, attempts: entry.attempts, at: result.finishedAt) { $0.outputs = outputs }
            records.append(last)
            entry.end(.done, last.record.sequence, at: result.finishedAt)
            entry.stored.job.sources = []
        }
        jobs[key] = entry
        return .finished(records: records)
    }

    private mutating func end(
        _ key: JobKey, _ state: JobState, _ failure: Failure, attempts: UInt32, at time: UInt64
    ) -> WriteOutcome {
        precondition([.dead, .expired, .cancelled].contains(state), "a job is not ended as \(state)")
        guard var entry = jobs[key], !entry.state.isTerminal else { return .alreadyTerminal }
        let logged = end(&entry, state, failure, attempts: attempts, at: time)
        jobs[key] = entry
        return .ended(logged)
    }

    private mutating func end(
        _ entry: inout Entry, _ state: JobState, _ failure: Failure, attempts: UInt32, at time: UInt64
    ) -> LogEntry {
        let logged = log(entry, state, attempts: attempts, at: time) { $0.failure = failure }
        entry.failure = failure
        entry.attempts = max(entry.attempts, attempts)
        entry.end(state, logged.record.sequence, at: time)
        if state == .dead { dead.insert(entry.key) } else { entry.stored.job.sources = [] }
        return logged
    }

    private mutating func retryDead(_ key: JobKey, _ newID: JobID, at time: UInt64) -> WriteOutcome {
        guard dead.contains(key), var stored = jobs[key]?.stored else { return .notDead }
        let newKey = JobKey(tenant: key.tenant, id: newID)
        guard jobs[newKey] == nil else { return .conflict }
        stored.job.id = newID
        stored.retryOf = key.id
        stored.expiresAt = stored.expiresAt.map { time + ($0 - min($0, stored.acceptedAt)) }
        stored.acceptedAt = time
        dead.remove(key)
        leaveDeadLetters(key)
        return insert(stored)
    }

    /// What was kept for the list alone goes.
    private mutating func leaveDeadLetters(_ key: JobKey) {
        jobs[key]!.stored.job.sources = []
        if jobs[key]!.sequence! < firstSequence(of: key.tenant) { jobs[key] = nil }
    }

    /// Of the first record that is kept; where there is none, of the next to come.
    private func firstSequence(of tenant: String) -> UInt64 {
        guard let log = logs[tenant] else { return 1 }
        return log.entries.first?.record.sequence ?? log.last + 1
    }

    /// How far all consumers have read that still count.
    private func acknowledged(in tenant: String, _ consumerAbandonment: UInt64) -> UInt64 {
        let counting = consumers[tenant, default: [:]].values.filter { cursor in
            let absence = age - min(age, cursor.seenAt)
            return cursor.acknowledged > 0 && (cursor.seenAt == 0 || absence <= consumerAbandonment)
        }
        return counting.map(\.acknowledged).min() ?? 0
    }

    private mutating func purge(
        retention: UInt64, acknowledgedRetention: UInt64, consumerAbandonment: UInt64, limit: Int
    ) -> WriteOutcome {
        var remaining = limit
        var purgedDead: [String: Int] = [:]
        for tenant in logs.keys.sorted() {
            logs[tenant]!.age.mark(age: age, last: logs[tenant]!.last)
            let old = logs[tenant]!.age.lastRecord(keptFor: retention, at: age)
            logs[tenant]!.age.forget(before: old)
            let unneeded = min(
                logs[tenant]!.age.lastRecord(keptFor: acknowledgedRetention, at: age),
                acknowledged(in: tenant, consumerAbandonment))
            var count = 0
            for record in logs[tenant]!.entries.lazy.map(\.record).prefix(remaining) {
                guard record.sequence <= max(old, unneeded) else { break }
                count += 1
                let key = JobKey(tenant: tenant, id: record.job)
                if record.isPartial || record.sequence > old && dead.contains(key) { continue }
                jobs[key] = nil
                if dead.remove(key) != nil { purgedDead[tenant, default: 0] += 1 }
            }
            logs[tenant]!.entries.removeFirst(count)
            remaining -= count
            // Dead jobs whose record went earlier.
            let end = min(firstSequence(of: tenant), old + 1)
            let letters = dead.filter { $0.tenant == tenant && jobs[$0]!.sequence! < end }
                .sorted { jobs[$0]!.sequence! < jobs[$1]!.sequence! }
            for key in letters.prefix(remaining) {
                jobs[key] = nil
                dead.remove(key)
                purgedDead[tenant, default: 0] += 1
                remaining -= 1
            }
        }
        return .purged(records: limit - remaining, dead: purgedDead)
    }
}

extension MemoryState.Entry {
    fileprivate mutating func end(_ state: JobState, _ sequence: UInt64, at time: UInt64) {
        self.state = state
        self.sequence = sequence
        finishedAt = time
        results = []
        for index in chunks.indices { chunks[index].lease = nil }
    }
}
