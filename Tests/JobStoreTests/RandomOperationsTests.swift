import JobModel
import JobStore
import TestKit
import Testing

/// Stores that were written apart must agree on everything, whatever is done to them; and what they agree on must be
/// what was promised, as a third and naive account of it says.
@Suite("Random operations")
struct RandomOperationsTests {
    @Test(
        "leave the stores and a naive account in agreement", arguments: 0..<12 as Range<UInt64>,
        StoreKind.allCases.filter { $0 != .memory })
    func agreement(_ seed: UInt64, _ kind: StoreKind) throws {
        var random = SeededRandom(seed: seed)
        let memory = try StoreUnderTest(.memory)
        let other = try StoreUnderTest(kind)
        var account = Account()
        for _ in 0..<120 {
            let writes = (0..<random.integer(0...6)).map { _ in random.write() }
            let outcomes = try memory.store.commit(writes)
            let others = try other.store.commit(writes)
            for (write, pair) in zip(writes, zip(outcomes, others)) { try #require(pair.0 == pair.1, "\(write)") }
            account.take(writes, outcomes)
            if random.oneIn(10) { try compareReads(memory, other, &random) }
            if random.oneIn(20) {
                let isCrash = random.flag()
                for store in [memory, other] { try isCrash ? store.crash() : store.restart() }
                var recovery = other.recovery
                recovery.logID = memory.recovery.logID
                #expect(memory.recovery == recovery)
                #expect(memory.recovery.wasClosed == !isCrash)
                #expect(Set(memory.recovery.jobs.map(\.key)) == account.unfinished)
            }
        }
        for tenant in ["a", "b"] {
            #expect(try other.records(of: tenant).map(\.sequence) == account.kept(of: tenant))
        }
    }

    private func compareReads(_ one: StoreUnderTest, _ other: StoreUnderTest, _ random: inout SeededRandom) throws {
        let limit = random.integer(0...5)
        let bytes = random.integer(0...3000)
        let after = UInt64(random.integer(0...20))
        let ids = (0..<12).map { JobKey.test($0).id }
        #expect(try one.store.tenants(with: ids) == other.store.tenants(with: ids))
        for tenant in ["a", "b", "none"] {
            let records = try one.store.records(of: tenant, after: after, limit: limit, bytes: bytes)
            #expect(try other.store.records(of: tenant, after: after, limit: limit, bytes: bytes) == records)
            #expect(try one.store.firstSequence(of: tenant) == other.store.firstSequence(of: tenant))
            let letters = try one.store.deadLetters(of: tenant, after: after, limit: limit)
            #expect(try other.store.deadLetters(of: tenant, after: after, limit: limit) == letters)
            let all = try one.store.deadLetters(fromTenant: tenant, after: after, limit: limit)
            #expect(try other.store.deadLetters(fromTenant: tenant, after: after, limit: limit) == all)
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
        /// Its record was purged.
        var isGone = false
    }

    private struct Cursor {
        var acknowledged: UInt64 = 0
        var seenAt: UInt64 = 0
    }

    private(set) var unfinished: Set<JobKey> = []
    private var logs: [String: [Entry]] = [:]
    private var last: [String: UInt64] = [:]
    private var cursors: [String: [String: Cursor]] = [:]
    /// With the numbers of their records.
    private var dead: [JobKey: UInt64] = [:]
    private var age: UInt64 = 0

    mutating func take(_ writes: [Write], _ outcomes: [WriteOutcome]) {
        for (write, outcome) in zip(writes, outcomes) { take(write, outcome) }
    }

    func kept(of tenant: String) -> [UInt64] {
        logs[tenant, default: []].filter { !$0.isGone }.map(\.logged.record.sequence)
    }

    private mutating func take(_ write: Write, _ outcome: WriteOutcome) {
        if case .inserted(let job) = outcome { #expect(unfinished.insert(job.key).inserted) }
        switch write {
        case .finish, .end: log(outcome.entries)
        case .retryDead(let key, _, _): if case .inserted = outcome { #expect(dead.removeValue(forKey: key) != nil) }
        case .dropDead(let key): #expect((dead.removeValue(forKey: key) != nil) == (outcome == .noted))
        case .acknowledge(let tenant, let consumer, let sequence):
            let cursor = max(cursors[tenant]?[consumer]?.acknowledged ?? 0, min(sequence, last[tenant] ?? 0))
            #expect(outcome == .acknowledged(upTo: cursor))
            cursors[tenant, default: [:]][consumer, default: Cursor()].acknowledged = cursor
        case .removeConsumer(let key): cursors[key.tenant]?[key.name] = nil
        case .seen(let keys, _, let time): for key in keys { cursors[key.tenant]?[key.name]?.seenAt = time }
        case .purge(let age, let retention, let acknowledgedRetention, let consumerAbandonment, let limit):
            self.age = max(self.age, age)
            #expect(outcome == purge(retention, acknowledgedRetention, consumerAbandonment, limit))
        case .insert, .recognize, .lease, .requeue, .offer, .forgetOffer, .keepGlossary, .removeGlossary: break
        }
    }

    private mutating func log(_ entries: [LogEntry]) {
        for entry in entries {
            #expect(entry.record.sequence == (last[entry.tenant] ?? 0) + 1, "no gap, nothing twice")
            last[entry.tenant] = entry.record.sequence
            logs[entry.tenant, default: []].append(Entry(logged: entry))
            let key = JobKey(tenant: entry.tenant, id: entry.record.job)
            if entry.record.state.isTerminal { #expect(unfinished.remove(key) != nil, "one terminal record for a job") }
            if entry.record.state == .dead { dead[key] = entry.record.sequence }
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

    private mutating func purge(
        _ retention: UInt64, _ acknowledgedRetention: UInt64, _ abandonment: UInt64, _ limit: Int
    ) -> WriteOutcome {
        var letters: [String: Int] = [:]
        var rest = limit
        for tenant in logs.keys.sorted() {
            mark(tenant)
            let counting = cursors[tenant, default: [:]].values.filter { cursor in
                let isAway = cursor.seenAt > 0 && age > cursor.seenAt && age - cursor.seenAt > abandonment
                return cursor.acknowledged > 0 && !isAway
            }
            let read = counting.map(\.acknowledged).min() ?? 0
            for index in logs[tenant]!.indices where !logs[tenant]![index].isGone && rest > 0 {
                let first = logs[tenant]![index]
                let time = age - first.bornAt!
                let isRead = first.logged.record.sequence <= read
                guard time >= retention || isRead && time >= acknowledgedRetention else { break }
                logs[tenant]![index].isGone = true
                rest -= 1
                if time >= retention, forget(first) { letters[tenant, default: 0] += 1 }
            }
            // The dead whose records had gone.
            for entry in logs[tenant]! where rest > 0 && entry.isGone {
                guard age - entry.bornAt! >= retention else { break }
                if forget(entry) {
                    letters[tenant, default: 0] += 1
                    rest -= 1
                }
            }
        }
        return .purged(records: limit - rest, dead: letters)
    }

    /// - Returns: Whether its job was on the list of the dead.
    private mutating func forget(_ entry: Entry) -> Bool {
        let key = JobKey(tenant: entry.logged.tenant, id: entry.logged.record.job)
        guard dead[key] == entry.logged.record.sequence else { return false }
        return dead.removeValue(forKey: key) != nil
    }
}

extension SeededRandom {
    /// Of few jobs, so that writes meet.
    mutating func write() -> Write {
        let key = JobKey.test(integer(0...11), tenant: choice(["a", "b"]))
        let chunk = UInt32(integer(0...3))
        let time = UInt64(integer(1000...9000))
        switch integer(0...17) {
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
        case 13:
            let consumer = ConsumerKey(tenant: key.tenant, name: choice(["x", "y"]))
            let age = UInt64(integer(0...5_000_000))
            return oneIn(4) ? .removeConsumer(consumer) : .seen(consumers: [consumer], models: ["m"], at: age)
        case 14: return .forgetOffer(choice(["m", "n"]))
        case 15:
            let name = choice(["p", "q"])
            if oneIn(4) { return .removeGlossary(GlossaryKey(tenant: key.tenant, name: name)) }
            let entry = Glossary.Entry(source: "term \(integer(0...9))", target: choice(["", "é", "x y"]))
            guard let terms = try? Glossary([entry]) else { preconditionFailure("these terms can be") }
            var glossary = NamedGlossary(
                name, terms, languages: LanguageSelection(source: flag() ? "en" : nil, target: flag() ? "fr" : nil))
            (glossary.version, glossary.createdAt) = (UInt64(integer(1...99)), time)
            return .keepGlossary(glossary, tenant: key.tenant)
        default:
            // When a retention grows, records may count as younger than before; not here.
            return .purge(
                age: UInt64(integer(0...5_000_000)), retention: 1_000_000,
                acknowledgedRetention: UInt64(integer(0...2_000_000)),
                consumerAbandonment: UInt64(integer(0...5_000_000)), limit: integer(0...5))
        }
    }
}
