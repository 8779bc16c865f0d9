import JobModel
import JobStore
import TestKit
import Testing

/// Two stores that were written apart must agree on everything, whatever is done to them; and what they agree on must be
/// what was promised, as a third and naive account of it says.
@Suite("Random operations")
struct RandomOperationsTests {
    @Test("leave both stores and a naive account in agreement", arguments: 0..<12 as Range<UInt64>)
    func agreement(_ seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let memory = try StoreUnderTest(.memory)
        let sqlite = try StoreUnderTest(.sqlite)
        var account = Account()
        for _ in 0..<120 {
            let writes = (0..<random.integer(0...6)).map { _ in random.write() }
            let outcomes = try memory.store.commit(writes)
            let others = try sqlite.store.commit(writes)
            for (write, pair) in zip(writes, zip(outcomes, others)) { try #require(pair.0 == pair.1, "\(write)") }
            account.take(writes, outcomes)
            if random.oneIn(10) { try compareReads(memory, sqlite, &random) }
            if random.oneIn(20) {
                let isCrash = random.flag()
                for store in [memory, sqlite] { try isCrash ? store.crash() : store.restart() }
                var recovery = sqlite.recovery
                recovery.logID = memory.recovery.logID
                #expect(memory.recovery == recovery)
                #expect(memory.recovery.wasClosed == !isCrash)
                #expect(Set(memory.recovery.jobs.map(\.key)) == account.unfinished)
            }
        }
        for tenant in ["a", "b"] {
            #expect(try sqlite.records(of: tenant).map(\.sequence) == account.kept(of: tenant))
        }
    }

    private func compareReads(_ one: StoreUnderTest, _ other: StoreUnderTest, _ random: inout SeededRandom) throws {
        let limit = random.integer(0...5)
        let bytes = random.integer(0...3000)
        let after = UInt64(random.integer(0...20))
        for tenant in ["a", "b", "none"] {
            let records = try one.store.records(of: tenant, after: after, limit: limit, bytes: bytes)
            #expect(try other.store.records(of: tenant, after: after, limit: limit, bytes: bytes) == records)
            #expect(try one.store.firstSequence(of: tenant) == other.store.firstSequence(of: tenant))
            let letters = try one.store.deadLetters(of: tenant, after: after, limit: limit)
            #expect(try other.store.deadLetters(of: tenant, after: after, limit: limit) == letters)
            for number in 0..<12 {
                let key = JobKey.test(number, tenant: tenant)
                #expect(try one.store.report(on: key) == other.store.report(on: key))
                let chunks = (0..<3).map { (job: key, chunk: UInt32($0)) }
                #expect(try one.store.contents(of: chunks) == other.store.contents(of: chunks))
            }
        }
    }
}

/// What the outcomes of writes come to, told without a store.
private struct Account {
    private struct Entry {
        var logged: LogEntry
        /// The store's age when it was marked; nil: since the last purge.
        var bornAt: UInt64?
    }

    private(set) var unfinished: Set<JobKey> = []
    private var logs: [String: [Entry]] = [:]
    private var last: [String: UInt64] = [:]
    private var cursors: [String: [String: UInt64]] = [:]
    private var dead: Set<JobKey> = []
    private var age: UInt64 = 0

    mutating func take(_ writes: [Write], _ outcomes: [WriteOutcome]) {
        for (write, outcome) in zip(writes, outcomes) { take(write, outcome) }
    }

    func kept(of tenant: String) -> [UInt64] { logs[tenant, default: []].map(\.logged.record.sequence) }

    private mutating func take(_ write: Write, _ outcome: WriteOutcome) {
        if case .inserted(let job) = outcome { #expect(unfinished.insert(job.key).inserted) }
        switch write {
        case .finish, .end: log(outcome.entries)
        case .retryDead(let key, _, _): if case .inserted = outcome { #expect(dead.remove(key) != nil) }
        case .dropDead(let key): #expect((dead.remove(key) != nil) == (outcome == .noted))
        case .acknowledge(let tenant, let consumer, let sequence):
            let cursor = max(cursors[tenant]?[consumer] ?? 0, min(sequence, last[tenant] ?? 0))
            #expect(outcome == .acknowledged(upTo: cursor))
            cursors[tenant, default: [:]][consumer] = cursor
        case .purge(let age, let retention, let acknowledgedRetention, let limit):
            self.age = max(self.age, age)
            #expect(outcome == purge(retention, acknowledgedRetention, limit))
        case .insert, .lease, .requeue, .offer: break
        }
    }

    private mutating func log(_ entries: [LogEntry]) {
        for entry in entries {
            #expect(entry.record.sequence == (last[entry.tenant] ?? 0) + 1, "no gap, nothing twice")
            last[entry.tenant] = entry.record.sequence
            logs[entry.tenant, default: []].append(Entry(logged: entry))
            let key = JobKey(tenant: entry.tenant, id: entry.record.job)
            if entry.record.state.isTerminal { #expect(unfinished.remove(key) != nil, "one terminal record for a job") }
            if entry.record.state == .dead { dead.insert(key) }
        }
    }

    /// What was marked in these ten minutes is marked again with what is new.
    private mutating func mark(_ tenant: String) {
        guard logs[tenant]!.contains(where: { $0.bornAt == nil }) else { return }
        for index in logs[tenant]!.indices {
            let bornAt = logs[tenant]![index].bornAt ?? age
            if bornAt / 600_000 == age / 600_000 { logs[tenant]![index].bornAt = age }
        }
    }

    private mutating func purge(_ retention: UInt64, _ acknowledgedRetention: UInt64, _ limit: Int) -> WriteOutcome {
        var letters = 0
        var rest = limit
        for tenant in logs.keys.sorted() {
            mark(tenant)
            while rest > 0, let first = logs[tenant]?.first {
                let key = JobKey(tenant: tenant, id: first.logged.record.job)
                let isLetter = first.logged.record.state == .dead && dead.contains(key)
                let isRead = first.logged.record.sequence <= cursors[tenant]?.values.min() ?? 0
                let time = age - first.bornAt!
                guard time >= retention || isRead && !isLetter && time >= acknowledgedRetention else { break }
                logs[tenant]?.removeFirst()
                rest -= 1
                if isLetter {
                    letters += 1
                    dead.remove(key)
                }
            }
        }
        return .purged(records: limit - rest, dead: letters)
    }
}

extension SeededRandom {
    /// Of few jobs, so that writes meet.
    fileprivate mutating func write() -> Write {
        let key = JobKey.test(integer(0...11), tenant: choice(["a", "b"]))
        let chunk = UInt32(integer(0...3))
        let time = UInt64(integer(1000...9000))
        switch integer(0...13) {
        case 0...3:
            let texts = (0..<integer(1...3)).map { _ in text() }
            let options = options()
            let isPartial = flag()
            let deadline = flag() ? UInt64(integer(1...100)) : nil
            return .insert(
                .test(key, texts: texts, digest: [UInt8(integer(0...1))], acceptedAt: time) { job in
                    job.options = options
                    job.wantsPartialResults = isPartial
                    job.deadlineMilliseconds = deadline
                })
        case 4: return .lease(key, chunk: chunk, LeaseMark(token: next(), attempt: 1, instance: text()))
        case 5:
            return .requeue(key, chunk: chunk, attempts: UInt32(integer(0...4)), flag() ? Failure("a", text()) : nil)
        case 6...8:
            let outputs = (0..<(oneIn(10) ? 2 : 1)).map { _ in output() }
            return .finish(
                key, chunk: chunk,
                ChunkResult(
                    outputs: outputs, attempts: UInt32(integer(1...5)), finishedAt: time,
                    jobBytesMaximum: oneIn(8) ? integer(0...200) : .max))
        case 9:
            return .end(
                key, choice([.dead, .dead, .expired, .cancelled]), Failure("b", text()),
                attempts: UInt32(integer(0...5)),
                at: time)
        case 10:
            return .acknowledge(tenant: key.tenant, consumer: choice(["x", "y"]), upTo: UInt64(integer(0...30)))
        case 11:
            return flag() ? .dropDead(key) : .retryDead(key, newID: JobKey.test(integer(0...11)).id, at: time)
        case 12: return .offer(ModelOffer(name: choice(["m", "n"]), sourceLanguage: text(), targetLanguage: text()))
        default:
            // When a retention grows, records may count as younger than before; not here.
            return .purge(
                age: UInt64(integer(0...5_000_000)), retention: 1_000_000,
                acknowledgedRetention: UInt64(integer(0...2_000_000)), limit: integer(0...5))
        }
    }
}
