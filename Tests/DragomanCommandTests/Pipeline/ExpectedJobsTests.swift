import ArgumentParser
import DragomanClient
import DragomanCommand
import Synchronization
import Testing

@Suite struct ExpectedJobsTests {
    private final class Finished: Sendable {
        private let texts = Mutex<[Int: String]>([:])

        var all: [Int: String] { texts.withLock { $0 } }

        func take(_ index: Int, _ outcome: Outcome) {
            texts.withLock { $0[index] = String(decoding: outcome.output, as: UTF8.self) }
        }
    }

    private let finished = Finished()
    private let jobs: ExpectedJobs

    init() throws { jobs = ExpectedJobs(outcome: try SubmitCommand.parse(["--wait"]).outcome) }

    private func expect(_ job: Job, at index: Int) {
        let line = Line(number: index + 1, content: [], ending: .newline)
        jobs.expect([(index, DraftJob(job: job, lines: [line], firstIndex: index))]) { [finished] in
            finished.take($0, $1)
        }
    }

    private func record(_ job: Job, _ text: String) -> Record {
        var record = Record(sequence: 1, job: job.id, state: .done)
        record.outputs = [Output(hypotheses: [Output.Hypothesis(text: text, score: -1)])]
        return record
    }

    @Test func `a job that the input has twice is finished twice`() async throws {
        let job = Job([.text("One.")])
        expect(job, at: 0)
        expect(job, at: 1)
        jobs.accept(job.id, index: 0)
        jobs.accept(job.id, index: 1)
        jobs.take(record(job, "Un."))
        try await jobs.wait()
        #expect(finished.all == [0: "Un.\n", 1: "Un.\n"])
    }

    @Test func `a job that is refused for its id takes no other's place, and not its record`() async throws {
        let job = Job([.text("One.")])
        expect(job, at: 0)
        expect(Job(id: job.id, [.text("Another.")]), at: 1)
        // Before the verdicts.
        jobs.take(record(job, "Un."))
        #expect(finished.all.isEmpty)
        jobs.accept(job.id, index: 0)
        jobs.forget(job.id, index: 1)
        try await jobs.wait()
        #expect(finished.all == [0: "Un.\n"])
    }
}
