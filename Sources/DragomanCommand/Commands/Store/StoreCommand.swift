package import ArgumentParser
import Foundation
import JobStore
import PostgresJobStore
import Settings

/// `dragoman store`
package struct StoreCommand: ParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "store",
        abstract: "Makes, checks, backs up and restores a broker's job store.",
        discussion: """
            Every row of a store in SQLite has a checksum, and every record names that of the record before it. The broker \
            delivers nothing that does not match: a damaged text or record ends as a dead job with the code \
            store_damaged, and the damaged row is kept in the table quarantine.

            The file store.id in the state directory says which store was there last, and how far it had come. A \
            database that is missing, empty, or left without its journal (jobs.sqlite-wal) is refused. One that is older \
            than the file says, or whose folder was copied, is started with a new identity of its result logs, so that \
            consumers of the original notice.

            A store in PostgreSQL (store.url) is made by init, brought up to date by migrate, and looked at by check; \
            accept gives its logs a new identity. It is backed up and restored with PostgreSQL's own means, see docs/CLUSTER.md.
            """,
        subcommands: [
            StoreInitCommand.self, StoreMigrateCommand.self, StoreImportCommand.self, StoreCheckCommand.self,
            StoreBackupCommand.self, StoreRestoreCommand.self, StoreAcceptCommand.self,
        ])

    package init() {}
}

/// Which store.
struct StoreFlags: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The broker's state directory. (default: the configuration's store.directory, or the state directory)",
            valueName: "dir"),
        completion: .directory)
    var stateDirectory: String?

    @OptionGroup(title: "Configuration")
    var configuration: ConfigurationFlags

    /// - Throws: `CommandError` when the store is not in a folder.
    func folder() throws(CommandError) -> String {
        switch try place() {
        case .folder(let folder): return folder
        case .database:
            throw CommandError(
                .badConfiguration,
                "the job store is in PostgreSQL (store.url), which has its own means for this: see docs/CLUSTER.md; for a "
                    + "store in SQLite, name its folder with --state-directory")
        }
    }

    enum Place {
        case folder(String)
        case database(PostgresJobStore.Settings)

        /// What kept it from being looked at.
        func failure(_ error: StoreError) -> CommandError {
            switch self {
            case .folder: .lookingAtStore(error)
            case .database: CommandError(error)
            }
        }
    }

    func place() throws(CommandError) -> Place {
        if let stateDirectory { return .folder(stateDirectory) }
        if let shared = try configuration.storeIfShared() { return .database(shared) }
        return .folder(
            try configuration.settings(for: []).store.folder(environment: ProcessInfo.processInfo.environment))
    }
}

extension CommandError {
    /// What kept a store from being looked at.
    static func lookingAtStore(_ error: StoreError) -> CommandError {
        switch error.code {
        case .busy, .unreachable: CommandError(.unavailable, error.message)
        default: CommandError(.inputOutput, error.message)
        }
    }
}
