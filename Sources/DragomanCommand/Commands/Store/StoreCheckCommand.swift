package import ArgumentParser
import JobModel
import JobStore
import PostgresJobStore
import SQLiteJobStore

/// `dragoman store check`
package struct StoreCheckCommand: ParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Looks for damage in a broker's job store.",
        discussion: """
            Checks the database's structure, the checksum of every row, every log from its first record to its last, and \
            what the tables say of each other. It changes nothing. The broker of a store in SQLite must be stopped. In \
            PostgreSQL, whose own checks find damaged pages, it looks at one state of all tables, while brokers run.

            Examples:
              dragoman store check
              dragoman store check --state-directory /var/lib/dragoman

            Exit status: 0 when nothing is damaged, 64 for wrong arguments, 65 when something is, 69 when a broker uses \
            the store, 74 when it cannot be read, 78 for a wrong configuration.
            """)

    @OptionGroup
    var store: StoreFlags

    @Flag(help: "Write one JSON object.")
    var json = false

    package init() {}

    package func run() throws {
        let check: StoreFindings
        let place = try store.place()
        do throws(StoreError) {
            switch place {
            case .folder(let folder): check = try StoreCheck(of: folder).findings
            case .database(let settings): check = try PostgresStoreCheck.findings(settings)
            }
        } catch {
            throw place.failure(error)
        }
        try OutputFile.standardOutput.finish(with: json ? Self.json(check) : Array(Self.text(check).utf8))
        guard check.faults.isEmpty else { throw CommandError(.badData, nil) }
    }

    private static func text(_ check: StoreFindings) -> String {
        var lines = check.faults.map { "damaged: \($0)" } + check.remarks.map { "note: \($0)" }
        if check.faults.count == StoreFindings.faultsMaximum { lines.append("and more") }
        lines.append(
            "\(check.path): \(check.jobs.counted("job")), \(check.unfinishedJobs) of them not ended; "
                + "\(check.records.counted("record")) in \(check.logs.counted("log")); "
                + "\(check.consumers.counted("consumer")); \(check.quarantined.counted("row")) in quarantine")
        if let logID = check.logID { lines.append("epoch \(check.epoch), log \(logID)") }
        lines.append(check.faults.isEmpty ? "no damage" : check.faults.count.counted("fault"))
        return lines.joined(separator: "\n") + "\n"
    }

    private static func json(_ check: StoreFindings) -> [UInt8] {
        var json = JSONText()
        json.object { json in
            json.member("path", check.path)
            json.member("jobs", check.jobs)
            json.member("unfinished_jobs", check.unfinishedJobs)
            json.member("records", check.records)
            json.member("logs", check.logs)
            json.member("consumers", check.consumers)
            json.member("quarantined", check.quarantined)
            json.member("epoch", check.epoch)
            if let logID = check.logID { json.member("log_id", logID.description) }
            json.key("faults")
            json.array(check.faults) { $0.string($1) }
            json.key("notes")
            json.array(check.remarks) { $0.string($1) }
        }
        return json.bytes + [UInt8(ascii: "\n")]
    }
}
