package import ArgumentParser
import Foundation
import JobModel
import JobStore
import PostgresJobStore
import SQLiteJobStore

/// `dragoman store import`
package struct StoreImportCommand: ParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Moves a job store from SQLite into PostgreSQL, or back.",
        discussion: """
            Jobs, results, cursors and the identity of the logs: consumers go on where they were. The brokers of the old \
            store must be stopped, and the new one must be empty: tables that dragoman store init has just made in the \
            database of store.url, or with --to a state directory without a store. All of it is moved, or nothing. Then the \
            old one is marked, so that no broker goes on with it: jobs.sqlite is called jobs.sqlite.imported, and the \
            database belongs to no service any more.

            Examples:
              sudo systemctl stop dragoman-broker
              sudo dragoman store import --from /var/lib/dragoman
              sudo dragoman store import --to /var/lib/dragoman

            Exit status: 0, 64 for wrong arguments, 69 when a broker uses one of the stores, or the database cannot be \
            reached, 74 when the old store cannot be read, 78 for a wrong configuration or a database that is not empty.
            """)

    @Option(
        help: ArgumentHelp("The state directory of the old store, which moves into PostgreSQL.", valueName: "dir"),
        completion: .directory)
    var from: String?

    @Option(
        help: ArgumentHelp("The state directory of the new store, which comes from PostgreSQL.", valueName: "dir"),
        completion: .directory)
    var to: String?

    @OptionGroup(title: "Configuration")
    var configuration: ConfigurationFlags

    package init() {}

    package func validate() throws {
        guard (from == nil) != (to == nil) else {
            throw ValidationError(
                "name one state directory: --from, to move its store into PostgreSQL, or --to, to fill it")
        }
    }

    package func run() throws {
        let settings = try configuration.sharedStore()
        if let from { try move(from: from, to: settings) }
        if let to { try move(from: settings, to: to) }
    }

    private func move(from settings: PostgresJobStore.Settings, to folder: String) throws {
        let database = folder + "/jobs.sqlite"
        // One that is there is another's, and stays as it is.
        guard !FileManager.default.fileExists(atPath: database) else {
            throw CommandError(.inputOutput, "\(folder) has a store already; name a state directory that has none")
        }
        let old: PostgresExport
        do throws(StoreError) {
            old = try PostgresExport(of: settings)
        } catch {
            throw CommandError(error)
        }
        do throws(StoreError) {
            let new = try SQLiteJobStore(in: folder)
            try new.fill(old.contents)
            try old.finish()
            // Until here no broker can have the folder.
            try new.abandon()
        } catch {
            // Where the old one goes on, there must be no other.
            if error.code != .unknownOutcome {
                for name in ["jobs.sqlite", "jobs.sqlite-wal", "jobs.sqlite-shm", "store.id"] {
                    unlink("\(folder)/\(name)")
                }
            }
            throw CommandError.lookingAtStore(error)
        }
        try OutputFile.standardOutput.finish(lines: [
            "imported: \(old.jobs.counted("job")) and \(old.records.counted("record"))",
            "no broker takes the database any more; unset store.url, and start one on \(folder)",
        ])
    }

    private func move(from folder: String, to settings: PostgresJobStore.Settings) throws {
        let database = folder + "/jobs.sqlite"
        // One that is opened where there is none would be made.
        guard FileManager.default.fileExists(atPath: database) else {
            throw CommandError(.inputOutput, "\(database) is not there: name the state directory of the old broker")
        }
        let (old, new): (SQLiteJobStore, PostgresImport)
        do throws(StoreError) {
            old = try SQLiteJobStore(in: folder)
        } catch {
            throw CommandError.lookingAtStore(error)
        }
        do throws(StoreError) {
            new = try PostgresImport(into: settings)
            try old.contents(new.take)
            try new.finish()
        } catch {
            throw error.code == .damaged ? .lookingAtStore(error) : CommandError(error)
        }
        for suffix in ["", "-wal"] where access(database + suffix, F_OK) == 0 {
            guard rename(database + suffix, database + ".imported" + suffix) == 0 else {
                throw CommandError(
                    .inputOutput,
                    "everything was imported, but \(database + suffix) cannot be renamed: "
                        + "\(String(cString: strerror(errno))); move it away, so that no broker goes on with it")
            }
        }
        // Until here no broker can have the folder.
        do throws(StoreError) { try old.abandon() } catch { throw CommandError.lookingAtStore(error) }
        try OutputFile.standardOutput.finish(lines: [
            "imported: \(new.jobs.counted("job")) and \(new.records.counted("record"))",
            "\(database) is \(database).imported now",
        ])
    }
}
