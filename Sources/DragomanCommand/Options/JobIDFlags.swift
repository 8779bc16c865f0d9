import ArgumentParser
import DragomanClient
import JobModel

/// Which jobs are meant, and how to ask their brokers.
package struct JobIDFlags: ParsableArguments {
    @Argument(help: JobID.argumentHelp, transform: JobID.argument)
    var ids: [JobID]

    @OptionGroup(title: "Tenants")
    var tenants: TenantFlags

    @OptionGroup
    var report: ReportFlags

    package init() {}

    /// - Throws: `CommandError`, also when a broker does not know one of the jobs.
    func run(
        _ work: (Connection, [JobID], inout ReportOutput) async throws(ClientError) -> Void
    ) async throws(CommandError) {
        let output = try await report.run { connection, output throws(ClientError) in
            try await work(connection, ids, &output)
        }
        if output.hasUnknown { throw CommandError(.requestsFailed, nil) }
    }
}

extension JobID {
    static let argumentHelp = ArgumentHelp("32 hexadecimal digits, or a UUID.", valueName: "id")

    @Sendable static func argument(_ text: String) throws -> JobID {
        guard let id = JobID(text) else { throw ValidationError("a job's id is 32 hexadecimal digits, or a UUID") }
        return id
    }
}
