import ArgumentParser
import DragomanClient
import DragomanCommand
import Foundation
import Synchronization
import Testing

@Suite struct AbandonedJobsTests {
    private let jobs: ExpectedJobs
    private let ids: [JobID]
    private let messages: TemporaryFile

    init() throws {
        jobs = ExpectedJobs(outcome: try SubmitCommand.parse(["--wait"]).outcome)
        let drafts = (0..<3).map { index in
            DraftJob(
                job: Job([.text("\(index)")]), lines: [Line(number: index + 1, content: [], ending: .newline)],
                firstIndex: index)
        }
        ids = drafts.map(\.job.id)
        messages = try TemporaryFile()
        jobs.expect(drafts.enumerated().map { ($0, $1) }) { _, _ in }
        // The first has ended; the second is accepted, and the third on its way.
        jobs.accept(ids[0], index: 0)
        jobs.take(Record(sequence: 1, job: ids[0], state: .done))
        jobs.accept(ids[1], index: 1)
    }

    private func abandoned(
        _ policy: AbandonedJobs.Policy,
        cancel: @escaping @Sendable ([JobID]) async throws(ClientError) -> [JobState?] = { ids throws(ClientError) in
            ids.map { _ in .cancelled }
        }
    ) -> AbandonedJobs {
        AbandonedJobs(policy: policy, jobs: jobs, messages: messages.output, cancel: cancel)
    }

    private func kept(_ abandoned: AbandonedJobs) throws -> Set<String> {
        Set(try String(contentsOf: abandoned.file, encoding: .utf8).split(separator: "\n").map(String.init))
    }

    private var open: Set<String> { Set(ids.dropFirst().map(\.description)) }

    @Test func `what has not ended is cancelled, and its ids are in a file until then`() async throws {
        let asked = Mutex<Set<JobID>>([])
        let abandoned = abandoned(.cancel) { ids throws(ClientError) in
            asked.withLock { $0 = Set(ids) }
            return [.cancelled, .done]
        }
        abandoned.announce()
        #expect(try kept(abandoned) == open)
        await abandoned.settle()
        #expect(asked.withLock { $0 } == Set(ids.dropFirst()))
        #expect(!FileManager.default.fileExists(atPath: abandoned.file.path))
        let text = try messages.contents()
        #expect(text.contains("interrupted; cancelling 2 unfinished jobs"))
        #expect(text.contains("1 job cancelled; 1 job had ended before"))
    }

    @Test func `what cannot be cancelled is said, and its ids stay in the file`() async throws {
        let abandoned = abandoned(.cancel) { _ throws(ClientError) in throw ClientError(.noAnswer, "nobody answered") }
        defer { try? FileManager.default.removeItem(at: abandoned.file) }
        await abandoned.settle()
        #expect(try kept(abandoned) == open)
        let text = try messages.contents()
        #expect(text.contains("2 jobs could not be cancelled: nobody answered"))
        #expect(text.contains("xargs dragoman cancel < \(abandoned.file.path)"))
    }

    @Test func `what is kept is not cancelled, and the user is told how to find it`() async throws {
        let abandoned = abandoned(.keep) { _ throws(ClientError) in throw ClientError(.fault, "must not be asked") }
        defer { try? FileManager.default.removeItem(at: abandoned.file) }
        abandoned.announce()
        await abandoned.settle()
        #expect(try kept(abandoned) == open)
        let text = try messages.contents()
        #expect(text.contains("left in the queue: 2 unfinished jobs"))
        #expect(text.contains("dragoman results --consumer NAME") && !text.contains("cancelled:"))
    }

    @Test func `--on-interrupt is for those who wait`() {
        #expect(throws: (any Error).self) { try SubmitCommand.parse(["--on-interrupt", "keep"]) }
        #expect(throws: Never.self) { try SubmitCommand.parse(["--wait", "--on-interrupt", "keep"]) }
    }
}
