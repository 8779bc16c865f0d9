import ArgumentParser
package import DragomanClient
package import Foundation
package import JobModel
import Wording

/// What becomes of jobs whose results are not waited for any more.
package struct AbandonedJobs: Sendable {
    /// Named, because Swift 6.3 does not take a typed throw for a use of the module that its type is from.
    package typealias CancelError = ClientError

    package enum Policy: String, Sendable, CaseIterable, ExpressibleByArgument {
        case cancel
        case keep
    }

    let policy: Policy
    let jobs: ExpectedJobs
    let messages: OutputFile
    /// What became of each; nil: no broker has such a job.
    let cancel: @Sendable ([JobID]) async throws(CancelError) -> [JobState?]
    /// Where their ids are kept until it is known what became of them.
    package let file: URL

    package init(
        policy: Policy, jobs: ExpectedJobs, messages: OutputFile,
        cancel: @escaping @Sendable ([JobID]) async throws(CancelError) -> [JobState?]
    ) {
        self.policy = policy
        self.jobs = jobs
        self.messages = messages
        self.cancel = cancel
        file = FileManager.default.temporaryDirectory.appending(path: "dragoman-submit-\(JobID.random()).ids")
    }

    /// At once when the user interrupts, for a second interrupt ends the process.
    package func announce() {
        let ids = jobs.unfinished
        guard !ids.isEmpty else { return say("interrupted; no submitted job is left") }
        let count = Quantity.counted(ids.count, "unfinished job")
        switch policy {
        case .cancel:
            say("interrupted; cancelling \(count) (interrupt again to leave them queued)")
            keep(ids)
        case .keep:
            say("interrupted; left in the queue: \(count)")
            keep(ids)
        }
    }

    /// When no more jobs are submitted.
    package func settle() async {
        let ids = jobs.unfinished
        guard !ids.isEmpty else { return discard() }
        guard policy == .cancel else { return keep(ids, tells: false) }
        do throws(ClientError) {
            let states = try await cancel(ids)
            let cancelled = states.count { $0 == .cancelled }
            let ended = states.count { $0.map { $0 != .cancelled } ?? false }
            say("\(Self.count(cancelled)) cancelled" + (ended > 0 ? "; \(Self.count(ended)) had ended before" : ""))
            discard()
        } catch {
            say("\(Self.count(ids.count)) could not be cancelled: \(error.message)")
            keep(ids)
        }
    }

    private func keep(_ ids: [JobID], tells: Bool = true) {
        let text = ids.map { "\($0)\n" }.joined()
        do {
            try text.write(to: file, atomically: true, encoding: .utf8)
        } catch {
            return say("their ids could not be written to \(file.path): \(error.reason)")
        }
        if tells { say("their ids are in \(file.path); to cancel them: xargs dragoman cancel < \(file.path)") }
        if tells, policy == .keep { say("to read their results: dragoman results --consumer NAME") }
    }

    private func discard() { try? FileManager.default.removeItem(at: file) }

    private func say(_ text: String) { try? messages.write(ProgressLine.erasureOnTerminal + "dragoman: \(text)\n") }

    private static func count(_ jobs: Int) -> String { Quantity.counted(jobs, "job") }
}

extension ProgressLine {
    static var erasureOnTerminal: String { OutputFile.standardError.isTerminal ? erasure : "" }
}
