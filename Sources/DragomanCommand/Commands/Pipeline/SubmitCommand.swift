package import ArgumentParser
import DragomanClient
import Foundation
package import JobModel

/// `dragoman submit`
package struct SubmitCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "submit", abstract: "Queues translation jobs at a broker.", discussion: SubmitDiscussion.text)

    @Argument(
        help: ArgumentHelp("What to translate. (default: -, standard input)", valueName: "file"), completion: .file())
    var files: [String] = []

    @Option(help: ArgumentHelp("What the input is made of.", valueName: "format"))
    var inputFormat = SubmitFormat.lines

    @Option(help: ArgumentHelp("Lines of a job.", valueName: "n"))
    var group = 1

    @Flag(help: "Wait for the results, and write translations in the order of the input.")
    var wait = false

    @Flag(help: "Write JSON lines.")
    var json = false

    @Option(
        help: ArgumentHelp(
            """
            Make the jobs' ids of this, their places in the input and their texts: submitted again under the same key, \
            nothing is translated twice.
            """, valueName: "key"))
    var idempotent: String?

    @Option(
        help: ArgumentHelp(
            """
            With --wait, what becomes of jobs that have not ended when you interrupt. (default: cancel; with \
            --idempotent, keep)
            """, valueName: "cancel|keep"))
    var onInterrupt: AbandonedJobs.Policy?

    @Flag(help: "Ask for each part of a long job as soon as it is there, before the whole.")
    var partialResults = false

    @Flag(help: "Add cross-attention weights to the results.")
    var alignments = false

    @OptionGroup(title: "Jobs")
    var jobs: JobFlags
    @OptionGroup(title: "Terms")
    var glossary: GlossaryFlags
    @Option(
        help: ArgumentHelp(
            "Translate the terms of this glossary so, which the broker keeps: see dragoman glossary.", valueName: "name"
        ))
    var glossaryName: String?
    @OptionGroup(title: "Brokers")
    var connection: ConnectionFlags
    @OptionGroup
    var translation: TranslationFlags

    package init() {}

    package func validate() throws {
        guard (1...10_000).contains(group) else { throw ValidationError("--group must be 1 to 10000, not \(group)") }
        if group > 1, inputFormat != .lines { throw ValidationError("--group is of lines") }
        try translation.checkParagraphs(inputFormat: "document", isDocument: inputFormat != .lines)
        if wait && !json && inputFormat != .jsonl { try translation.checkListsScores() }
        if onInterrupt != nil, !wait {
            throw ValidationError("--on-interrupt needs --wait; without it, jobs stay queued")
        }
        if idempotent == "" {
            throw ValidationError("--idempotent needs a key, one for each input that is not to be taken for another")
        }
        if let glossaryName {
            try ListFlags.check([glossaryName])
            guard glossary.files.isEmpty else { throw ValidationError("give --glossary or --glossary-name, not both") }
        }
        if glossary.readsStandardInput, files.isEmpty || files.contains("-") {
            throw ValidationError("--glossary and the input cannot both be standard input")
        }
        if files.count(where: { $0 == "-" }) > 1 { throw ValidationError("standard input can be read once") }
    }

    package var options: SearchOptions { translation.options(alignments: alignments) }

    /// What all jobs are copies of.
    package var template: Job {
        var template = jobs.template(options: options)
        template.wantsPartialResults = partialResults
        template.glossaryName = glossaryName
        // JSON results have tokens, as those of `translate` do.
        template.wantsTokens = wait && (json || inputFormat == .jsonl)
        return template
    }

    package var outcome: JobOutcome {
        guard wait else { return JobOutcome(style: .ids, isJSON: json) }
        let isJSON = json || inputFormat == .jsonl
        let style: ResultFormat.Style = isJSON ? .json : translation.hypotheses > 1 ? .list : .best
        let format = ResultFormat(style: style, input: inputFormat == .document ? .text : .lines)
        return JobOutcome(style: .translations(format), isJSON: isJSON)
    }

    package func source(_ inputs: [InputFile], glossary: Glossary? = nil) -> @Sendable () -> JobSource {
        var template = template
        template.glossary = glossary
        return { [inputFormat, template, group, idempotent] in
            var source = JobSource(inputs, format: inputFormat, template: template)
            source.group = group
            source.key = idempotent
            return source
        }
    }

    /// A broker of an older release would not know that a job names a glossary, and translate it without.
    private func check(_ name: String, _ client: Client, _ patience: Duration) async throws(CommandError) {
        let brokers = client.settings.jobsEndpoints.indices
        var failure: ClientError?
        var isAnswered = false
        for broker in brokers {
            let glossary: NamedGlossary?
            do {
                glossary = try await client.glossary(named: name, of: broker, patience: patience / brokers.count)
            } catch {
                // Jobs go to the others while one is down.
                guard error.code == .noAnswer else { throw CommandError(error) }
                failure = error
                continue
            }
            if glossary == nil { throw CommandError(.requestsFailed, GlossaryCommand.missing(name)) }
            isAnswered = true
        }
        if let failure, !isAnswered { throw CommandError(failure) }
    }

    package func run() async throws {
        let inputs = try (files.isEmpty ? ["-"] : files).map(InputFile.named)
        let terms = try glossary.read()?.glossary(RequestLanguages(jobs.languages))
        let connection = try connection.connection()
        let (client, patience) = (connection.client, connection.patience)
        if let glossaryName { try await check(glossaryName, client, patience) }
        let output = OutputFile.standardOutput
        let messages = OutputFile.standardError
        var session = SubmitSession(
            source: source(inputs, glossary: terms), outcome: outcome, output: output, messages: messages
        ) {
            jobs throws(ClientError) in
            try await connection.client.submit(jobs, patience: patience)
        }
        let accepted = Tally()
        session.accepted = accepted
        session.showsProgress = messages.isTerminal && !output.isTerminal
        var abandoned: AbandonedJobs?
        if wait {
            let harvest = Harvest(client: client, patience: patience, outcome: outcome)
            // What runs again under its key goes on where it stopped.
            let policy = onInterrupt ?? (idempotent == nil ? .cancel : .keep)
            abandoned = AbandonedJobs(policy: policy, jobs: harvest.jobs, messages: messages) {
                ids throws(ClientError) in
                try await client.cancel(ids, patience: patience)
            }
            session.harvest = harvest
        }
        session.whenInterrupted = { [abandoned] in await abandoned?.settle() }
        let interrupt = try Interrupt { [abandoned, interruption = session.interruption] signal in
            interruption.request()
            if let abandoned {
                // Also while no broker answers yet.
                if accepted.value == 0, abandoned.jobs.unfinished.isEmpty { Interrupt.end(by: signal) }
                return abandoned.announce()
            }
            try? messages.write(
                ProgressLine.erasureOnTerminal
                    + "dragoman: interrupted; \(Quantity.counted(accepted.value, "job")) in the queue; the ids are in the output\n"
            )
        }
        defer { interrupt.cancel() }
        let status: ExitStatus
        do {
            status = try await session.run()
        } catch {
            interrupt.endIfInterrupted()
            throw error
        }
        interrupt.endIfInterrupted()
        try output.finish()
        guard status == .success else { throw CommandError(status, nil) }
    }
}
