package import ArgumentParser
import Foundation
import JobStore
import Settings

/// `dragoman store`
package struct StoreCommand: ParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "store",
        abstract: "Checks, backs up and restores a broker's job store.",
        discussion: """
            Every row of the store has a checksum, and every record names that of the record before it. The broker \
            delivers nothing that does not match: a damaged text or record ends as a dead job with the code \
            store_damaged, and the damaged row is kept in the table quarantine.

            The file store.id in the state directory says which store was there last, and how far it had come. A \
            database that is missing, empty, or left without its journal (jobs.sqlite-wal) is refused. One that is older \
            than the file says, or whose folder was copied, is started with a new identity of its result logs, so that \
            consumers of the original notice.
            """,
        subcommands: [
            StoreCheckCommand.self, StoreBackupCommand.self, StoreRestoreCommand.self, StoreAcceptCommand.self,
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

    func folder() throws(CommandError) -> String {
        if let stateDirectory { return stateDirectory }
        return try configuration.settings(for: []).store.folder(environment: ProcessInfo.processInfo.environment)
    }
}

extension CommandError {
    /// What kept a store from being looked at.
    static func lookingAtStore(_ error: StoreError) -> CommandError {
        CommandError(error.code == .busy ? .unavailable : .inputOutput, error.message)
    }
}
