import GRDB
import JobModel
import JobStore
import Wire

extension Transaction {
    mutating func finish(_ key: JobKey, _ chunk: UInt32, _ result: ChunkResult) throws -> WriteOutcome {
        guard var job = try JobRow(unfinished: key, with: statements) else { return .alreadyTerminal }
        guard chunk < job.plan.count else { return .mismatch }
        if try isDone(chunk, of: job) { return .alreadyTerminal }
        let plan = job.plan[Int(chunk)]
        guard plan.matches(result.outputs) else { return .mismatch }

        job.chunksDone += 1
        job.attempts = max(job.attempts, result.attempts)
        job.outputBytes += result.publishedByteCount
        if let failure = result.problem(ofJobWith: job.outputBytes) {
            return .finished(
                records: [try end(job, .dead, failure, attempts: job.attempts, at: result.finishedAt)])
        }
        // What may fail comes before the first record.
        let isLast = job.chunksDone == job.plan.count
        let results = isLast ? try results(of: job, with: result.outputs, of: chunk) : []
        var records: [LogEntry] = []
        if job.wantsPartial {
            records.append(
                try log(job, .running, at: result.finishedAt) { record in
                    record.outputs = result.outputs.map(Assembly.published)
                    record.pieces = plan.pieces
                    record.attempts = Int(result.attempts)
                })
        }
        if !isLast {
            try keep(result, of: chunk, of: job)
        } else {
            let outputs = Assembly.outputs(of: job.plan, results)
            let last = try log(job, .done, at: result.finishedAt) { record in
                record.outputs = outputs
                record.attempts = Int(job.attempts)
            }
            try close(job, last.record, attempts: job.attempts, at: result.finishedAt)
            records.append(last)
        }
        return .finished(records: records)
    }

    private func isDone(_ chunk: UInt32, of job: JobRow) throws -> Bool {
        guard job.chunksDone > 0 else { return false }
        return try statements.integer(Self.done, job.number, chunk) == 1
    }

    /// Until the other chunks are done.
    private func keep(_ result: ChunkResult, of chunk: UInt32, of job: JobRow) throws {
        try statements.insert(
            Self.chunk, job.number, chunk, true, result.attempts, nil, nil, nil, nil,
            StoredMessage.outputs(result.outputs))
        try statements.run(Self.progress, job.number, job.chunksDone, job.attempts, job.outputBytes)
    }

    private static let chunk = SummedTable.chunk.insertion("INSERT OR REPLACE")
    private static let done = Query(
        "SELECT is_done AND \(SummedTable.chunk.isWhole) FROM chunk WHERE job = ? AND number = ?")
    private static let progress = Query(
        SummedTable.job.change(
            ["chunks_done": "?2", "attempts": "?3", "output_bytes": "?4"], where: "number = ?1"))
    private static let outputs = Query(
        "SELECT number, outputs, \(SummedTable.chunk.isWhole) FROM chunk WHERE job = ? AND is_done")

    /// - Returns: Of each chunk.
    private func results(of job: JobRow, with last: [Output], of chunk: UInt32) throws -> [[Output]] {
        var results = Array(repeating: [Output](), count: job.plan.count)
        if job.plan.count > 1 {
            try statements.rows(Self.outputs, job.number) { row in
                guard row[2] else { throw try RowDamage.chunk(job.number, row[0], in: database) }
                let number = try row.count(0, Int.self)
                guard results.indices.contains(number) else { throw ValueError("there is no chunk \(number)") }
                results[number] = try statements.outputs(row.bytes(1))
                return true
            }
        }
        results[Int(chunk)] = last
        guard zip(job.plan, results).allSatisfy({ $0.matches($1) }) else {
            throw RowDamage.missing(.chunk, "job \(job.number), a chunk that is done")
        }
        return results
    }
}
