package import ArgumentParser
import JobStore
import SQLiteJobStore

/// `dragoman store restore`
package struct StoreRestoreCommand: ParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "restore",
        abstract: "Makes a broker's job store of a backup, while the broker is stopped.",
        discussion: """
            The state directory must have no store: move its files jobs.sqlite* away first. What happened after the backup \
            is not known to the restored store: jobs that were accepted later are missing, and unfinished ones are \
            translated again. At the next start the result logs have a new identity, and consumers are told.

            Example:
              sudo systemctl stop dragoman-broker
              sudo dragoman store restore /srv/backups/dragoman-2026-11-29.sqlite
              sudo systemctl start dragoman-broker

            Exit status: 0, 64 for wrong arguments, 69 when a broker uses the directory, 74 when it has a store, or the \
            backup cannot be read, 78 for a wrong configuration.
            """)

    @Argument(help: ArgumentHelp("What dragoman store backup wrote.", valueName: "file"), completion: .file())
    var file: String

    @OptionGroup
    var store: StoreFlags

    package init() {}

    package func run() throws {
        let folder = try store.folder()
        let lines: [String]
        do throws(StoreError) {
            lines = try StoreBackup.restore(file, to: folder)
        } catch {
            throw CommandError.lookingAtStore(error)
        }
        try OutputFile.standardOutput.finish(lines: lines)
    }
}
