import JobModel
import JobStore

/// I5: a chunk is charged for a worker's death only when it was alone with the worker.
struct ChargeCheck {
    private struct Chunk {
        var attempts: UInt32 = 0
        var isAlone = false
    }

    private var chunks: [JobKey: [UInt32: Chunk]] = [:]

    mutating func restarted(_ recovery: Recovery) {
        chunks = [:]
        for job in recovery.jobs {
            for (index, chunk) in job.chunks.enumerated() {
                chunks[job.key, default: [:]][UInt32(index)] = Chunk(
                    attempts: chunk.attempts, isAlone: chunk.lease?.isAlone ?? false)
            }
        }
    }

    mutating func problem(of writes: [Write], count: inout Int) -> String? {
        for write in writes {
            switch write {
            case .lease(let key, let index, let mark):
                chunks[key, default: [:]][index, default: Chunk()].isAlone = mark.isAlone
            case .requeue(let key, let index, let attempts, let failure):
                let known = chunks[key]?[index] ?? Chunk()
                chunks[key, default: [:]][index] = Chunk(attempts: attempts, isAlone: known.isAlone)
                guard attempts > known.attempts else { continue }
                count += 1
                if failure?.code == "worker_lost", !known.isAlone {
                    return "I5: \(key.id) chunk \(index) is charged for a death beside others"
                }
                if failure?.code == Failure.modelUnavailable {
                    return "\(key.id) chunk \(index) is charged for a model that a worker cannot load"
                }
                if failure == nil { return "I9: \(key.id) chunk \(index) is charged for nothing" }
            case .end(let key, .dead, let failure, _, _):
                if failure.code == "worker_lost", !(chunks[key]?.values.contains(where: \.isAlone) ?? false) {
                    return "I5: \(key.id) dies of a death beside others"
                }
                if failure.code == Failure.modelUnavailable {
                    return "\(key.id) dies of a model that a worker cannot load"
                }
            default: break
            }
        }
        return nil
    }

    /// An end that the disk does not take is written again, so only now.
    mutating func ended(_ key: JobKey) { chunks[key] = nil }
}
