import DragomanClient
import JobModel
import TestKit

/// Submits jobs in batches of all sizes, some of them again, and gives some up without waiting for the answer.
struct Producer: Sendable {
    let number: Int
    let jobs: Int
    let seed: UInt64
    let cluster: Cluster
    let phrases: Phrases
    let ledger: Ledger
    /// Reached with each batch that was accepted.
    let accepted: Progress
    /// Ends it sooner.
    var until = Flag()

    func run() async throws {
        var random = SeededRandom(seed: seed &+ UInt64(number) &* 0x1_0001)
        var client = try cluster.client()
        var begun = 0
        while begun < jobs, !until.isSet {
            let count = min(random.choice([1, 1, 7, 32, 64, 150, 400]), jobs - begun)
            let batch = (0..<count).map { job(begun + $0, &random) }
            begun += count
            ledger.attempt(batch)
            if random.oneIn(25) {
                try await abandon(batch, client)
                // Its socket is gone too, as a producer's is that crashes.
                client = try cluster.client()
                continue
            }
            try await submit(batch, client)
            if random.oneIn(10) { try await submit(batch, client) }
            accepted.advance()
        }
    }

    private func job(_ index: Int, _ random: inout SeededRandom) -> Job {
        var job = Job(id: JobID(high: UInt64(number), low: UInt64(index)), phrases.sources(&random))
        job.options = Phrases.options
        job.priority = random.integer(0...3)
        return job
    }

    private func submit(_ batch: [Job], _ client: Client) async throws {
        while true {
            do throws(ClientError) {
                return ledger.note(try await client.submit(batch))
            } catch {
                try Task.checkCancellation()
                // The broker is down for longer than the client's patience; to submit it again is always safe.
                guard error.code == .noAnswer else { return ledger.note(problem: "producer \(number): \(error)") }
            }
        }
    }

    /// Whether the broker has taken them, this producer will never know.
    private func abandon(_ batch: [Job], _ client: Client) async throws {
        let submission = Task { try await client.submit(batch) }
        try await Task.sleep(for: .milliseconds(2))
        submission.cancel()
        if case .success(let verdicts) = await submission.result { ledger.note(verdicts) }
    }
}
