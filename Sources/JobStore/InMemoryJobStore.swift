package import JobModel
import Synchronization

/// A store for tests and simulations: what the others must do, said as plainly as possible.
package final class InMemoryJobStore: JobStore {
    private let state = Mutex(MemoryState())

    package init() {}

    package func recover() -> Recovery { state.withLock { $0.recover() } }

    package func commit(_ writes: [Write]) -> [WriteOutcome] {
        state.withLock { state in writes.map { state.apply($0) } }
    }

    package func contents(of chunks: [(job: JobKey, chunk: UInt32)]) -> [ChunkContent?] {
        state.withLock { state in
            chunks.map { key, chunk in
                guard let entry = state.jobs[key], !entry.state.isTerminal, chunk < entry.chunks.count else {
                    return nil
                }
                return entry.stored.content(of: chunk)
            }
        }
    }

    package func encodedRecords(
        of tenant: String, after sequence: UInt64, limit: Int, bytes: Int
    ) -> [EncodedRecord] {
        state.withLock { state in
            guard let log = state.logs[tenant] else { return [] }
            let candidates = log.entries(after: sequence).prefix(max(limit, 0))
            var total = 0
            let count = candidates.prefix { entry in
                total += entry.encoded.bytes.count
                return total <= bytes
            }.count
            return candidates.prefix(max(count, 1)).map(\.encoded)
        }
    }

    package func firstSequence(of tenant: String) -> UInt64? {
        state.withLock { $0.logs[tenant]?.entries.first?.record.sequence }
    }

    package func report(on job: JobKey) -> JobReport? { state.withLock { $0.jobs[job]?.report } }

    package func deadLetters(of tenant: String, after sequence: UInt64, limit: Int) -> [JobReport] {
        state.withLock { state in
            let dead = state.dead.filter { $0.tenant == tenant }.compactMap { state.jobs[$0]?.report }
                .filter { $0.sequence! > sequence }
            return Array(dead.sorted { $0.sequence! < $1.sequence! }.prefix(max(limit, 0)))
        }
    }

    package func deadLetters(fromTenant tenant: String, after sequence: UInt64, limit: Int) -> [JobReport] {
        state.withLock { state in
            let dead = state.dead.compactMap { state.jobs[$0]?.report }
                .filter { ($0.tenant, $0.sequence!) > (tenant, sequence) }
            return Array(dead.sorted { ($0.tenant, $0.sequence!) < ($1.tenant, $1.sequence!) }.prefix(max(limit, 0)))
        }
    }

    package func jobs(_ selection: JobSelection) -> JobList {
        state.withLock { state in
            let last = UInt64(state.jobs.values.map(\.number).max() ?? 0)
            let range = selection.after..<max(selection.after, min(selection.upTo ?? .max, last))
            let entries = state.jobs.values
                .filter { range.contains(UInt64($0.number) - 1) }
                .filter { !selection.isOfUnfinished || !$0.state.isTerminal }
                .sorted { $0.number < $1.number }
            let lookedAt = entries.prefix(JobSelection.lookedAtMaximum)
            let found = lookedAt.filter { selection.matches($0.report) }.prefix(selection.limit)
            return selection.page(
                found.map { (UInt64($0.number), $0.report) },
                found: found.count == selection.limit ? found.last.map { UInt64($0.number) } : nil,
                reach: lookedAt.count < entries.count ? lookedAt.last.map { UInt64($0.number) } : nil, last: last)
        }
    }

    package func tenants(with ids: [JobID]) -> [[String]] {
        state.withLock { state in
            ids.map { id in state.jobs.keys.filter { $0.id == id }.map(\.tenant).sorted() }
        }
    }

    package func close() { state.withLock { $0.isClosed = true } }
}
