import GRDB
import JobModel
import JobStore

extension Transaction {
    mutating func finish(_ key: JobKey, _ chunk: UInt32, _ result: ChunkResult) throws -> WriteOutcome {
        guard var job = try JobRow(unfinished: key, in: database) else { return .alreadyTerminal }
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
        var records: [LogEntry] = []
        if job.wantsPartial {
            records.append(
                try log(job, .running, at: result.finishedAt) { record in
                    record.outputs = result.outputs.map(Assembly.published)
                    record.pieces = plan.pieces
                    record.attempts = Int(result.attempts)
                })
        }
        if job.chunksDone < job.plan.count {
            try keep(result, of: chunk, of: job)
        } else {
            let outputs = Assembly.outputs(of: job.plan, try results(of: job, with: result.outputs, of: chunk))
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
        return try database.integer(
            "SELECT is_done FROM chunk WHERE job = ? AND number = ?", job.number, chunk) == 1
    }

    /// Until the other chunks are done.
    private func keep(_ result: ChunkResult, of chunk: UInt32, of job: JobRow) throws {
        try database.run(
            "INSERT OR REPLACE INTO chunk (job, number, is_done, attempts, outputs) VALUES (?, ?, 1, ?, ?)", job.number,
            chunk, result.attempts, result.outputs.blob)
        try database.run(
            "UPDATE job SET chunks_done = ?, attempts = ?, output_bytes = ? WHERE number = ?", job.chunksDone,
            job.attempts, job.outputBytes, job.number)
    }

    /// - Returns: Of each chunk.
    private func results(of job: JobRow, with last: [Output], of chunk: UInt32) throws -> [[Output]] {
        var results = Array(repeating: [Output](), count: job.plan.count)
        if job.plan.count > 1 {
            let rows = try database.rows("SELECT number, outputs FROM chunk WHERE job = ? AND is_done", job.number)
            while let row = try rows.next() {
                let number = try row.count(0, Int.self)
                guard results.indices.contains(number) else { throw BlobError("there is no chunk \(number)") }
                results[number] = try row.blob(1)
            }
        }
        results[Int(chunk)] = last
        guard zip(job.plan, results).allSatisfy({ $0.matches($1) }) else {
            throw BlobError("a chunk's outputs are missing")
        }
        return results
    }
}
