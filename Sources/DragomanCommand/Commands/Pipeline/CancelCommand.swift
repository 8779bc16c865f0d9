package import ArgumentParser
import DragomanClient
import JobModel

/// `dragoman cancel`
package struct CancelCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "cancel", abstract: "Ends jobs that have not ended yet.",
        discussion: """
            Examples:
              dragoman cancel 5d1c1b0b6f1f4a5e9d0c2b7a8e3f6a90
              dragoman submit big.txt > ids; xargs dragoman cancel < ids
              dragoman cancel --topic nightly
              dragoman cancel --all --tenant shop --yes

            Of jobs that are given by their ids, every one's state afterwards is a line of output: one that was done first \
            stays done. With an operator's key, jobs of all tenants are found; where several tenants have one of that id, \
            name the tenant.

            With --all, all that is queued or running is cancelled, and with --topic, --model, --state or --older-than \
            what fits all of them. That is your own tenant's jobs, with an operator's key too, unless --tenant or \
            --all-tenants says otherwise; `dragoman jobs` with the same flags and --tenant lists the same. You are asked \
            first, unless you say --yes, without which nothing is cancelled where there is no terminal. The output is how \
            many were cancelled; with --json, one object a job. It goes in steps of at most 1000 jobs, and jobs that are \
            accepted meanwhile are left alone; when it is interrupted, what was cancelled stays so, and the rest goes on.

            A job's state is that at the moment when its step was listed: one that was queued then may be with a worker \
            when it is cancelled. Jobs are listed anew after your answer.

            A cancelled job leaves a record in the result log.

            Exit status: 0, 1 when a broker has no such job (any more) or the answer to the question is no, 64 for wrong \
            arguments or without a terminal and --yes, 69 when no broker answers, 74 when writing fails, 76 when one refuses or is too old to list jobs, \
            77 when the key may not cancel.
            """)

    @Argument(help: JobID.argumentHelp, transform: JobID.argument)
    var ids: [JobID] = []

    @Flag(help: "All jobs that have not ended.")
    var all = false

    @OptionGroup(title: "Which jobs")
    var filter: UnfinishedJobFlags

    @Flag(help: "Do not ask whether the jobs are to be cancelled; needed without a terminal.")
    var yes = false

    @OptionGroup(title: "Tenants")
    var tenants: CancellationTenantFlags

    @OptionGroup
    var report: ReportFlags

    package init() {}

    package func validate() throws {
        guard [!ids.isEmpty, all, !filter.isEmpty].count(where: \.self) == 1 else {
            throw ValidationError("give ids, or --all, or which jobs with --topic, --model, --state and --older-than")
        }
    }

    package func run() async throws {
        if ids.isEmpty { try await cancelAll() } else { try await cancelNamed() }
    }

    private func cancelNamed() async throws(CommandError) {
        let output = try await report.run { connection, output throws(ClientError) in
            let states = try await connection.client.cancel(
                ids, scope: tenants.scope ?? .visible, patience: connection.patience)
            for (id, state) in zip(ids, states) { output.add(id, state) }
        }
        if output.hasUnknown { throw CommandError(.requestsFailed, nil) }
    }

    private func cancelAll() async throws(CommandError) {
        guard yes || Self.canAsk else {
            throw CommandError(
                .usage, "there is no terminal to ask on whether these jobs are to be cancelled; say --yes if they are")
        }
        let connection = try report.connection.connection()
        var cancellation = MassCancellation(filter.filter, scope: tenants.scope, by: connection)
        do throws(ClientError) { try await cancellation.look() } catch { throw CommandError(error) }
        if !yes, let extent = cancellation.extent {
            try confirm(extent.question)
            cancellation.startAgain()
        }
        do throws(CommandError) {
            try await cancellation.run { job, state throws(CommandError) in
                guard report.json else { return }
                var output = ReportOutput(json: true)
                output.add(job.job, state, of: job.tenant)
                do throws(SystemError) {
                    try OutputFile.standardOutput.write(output.bytes)
                } catch {
                    throw CommandError(writing: error)
                }
            }
        } catch {
            if !cancellation.tally.isEmpty {
                try? OutputFile.standardError.write("dragoman: \(cancellation.tally.text) before this:\n")
            }
            throw error
        }
        let text = cancellation.tally.text + "\n"
        if report.json { try? OutputFile.standardError.write("dragoman: \(text)") }
        try OutputFile.standardOutput.finish(with: report.json ? [] : Array(text.utf8))
    }

    private static var canAsk: Bool {
        (try? InputFile(nil))?.isTerminal == true && OutputFile.standardError.isTerminal
    }

    private func confirm(_ question: String) throws(CommandError) {
        try? OutputFile.standardError.write(question)
        guard let answer = readLine(), ["y", "yes"].contains(answer.lowercased()) else {
            throw CommandError(.requestsFailed, "nothing was cancelled")
        }
    }
}
