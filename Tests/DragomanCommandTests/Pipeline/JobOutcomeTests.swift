import ArgumentParser
import DragomanClient
import DragomanCommand
import Testing

@Suite struct JobOutcomeTests {
    private func draft(_ texts: String...) -> DraftJob {
        let lines = texts.enumerated().map { Line(number: $0 + 1, content: Array($1.utf8), ending: .newline) }
        return DraftJob(job: Job(texts.map { .text($0) }), lines: lines, firstIndex: 4)
    }

    private func record(_ job: Job, _ texts: String...) -> Record {
        var record = Record(sequence: 1, job: job.id, state: .done)
        record.outputs = texts.map { text in
            Output(hypotheses: [
                Output.Hypothesis(text: text, score: -0.5),
                Output.Hypothesis(text: text + "!", score: -1, isTruncated: true),
            ])
        }
        return record
    }

    @Test func `translations are written as translate writes them`() throws {
        let outcome = try SubmitCommand.parse(["--wait"]).outcome
        let draft = draft("One.", "Two.")
        let written = outcome.finished(draft, record(draft.job, "Un.", "Deux.\nou"))
        #expect(String(decoding: written.output, as: UTF8.self) == "Un.\nDeux. ou\n")
        #expect(written.messages.count == 2 && !written.hasFailed)
    }

    @Test func `several hypotheses are a list, with the sources' places`() throws {
        let outcome = try SubmitCommand.parse(["--wait", "--n-best", "2"]).outcome
        let draft = draft("One.")
        let written = outcome.finished(draft, record(draft.job, "Un."))
        #expect(String(decoding: written.output, as: UTF8.self) == "4 ||| Un. ||| -0.5\n4 ||| Un.! ||| -1.0\n")
    }

    @Test func `a dead job leaves an empty line for each of its lines`() throws {
        let outcome = try SubmitCommand.parse(["--wait"]).outcome
        let draft = draft("One.", "Two.")
        var record = Record(sequence: 1, job: draft.job.id, state: .dead)
        record.failure = Failure("unknown_token", "no such token")
        let written = outcome.finished(draft, record)
        #expect(written.hasFailed && written.output == Array("\n\n".utf8))
        #expect(written.messages == ["line 1: no such token", "line 2: no such token"])
    }
}
