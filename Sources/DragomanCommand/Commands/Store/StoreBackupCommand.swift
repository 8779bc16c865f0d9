package import ArgumentParser
import JobStore
import SQLiteJobStore

/// `dragoman store backup`
package struct StoreBackupCommand: ParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "backup",
        abstract: "Copies a broker's job store to a file, while the broker runs.",
        discussion: """
            The file has everything that was accepted or acknowledged before the command began: one state of the store, \
            complete and on the disk when the command ends. Only its owner can read it. To restore it, see dragoman store \
            restore.

            Example:
              sudo dragoman store backup /srv/backups/dragoman-$(date +%F).sqlite

            Exit status: 0, 64 for wrong arguments, 74 when the store cannot be read, or the file exists or cannot be \
            written, 78 for a wrong configuration.
            """)

    @Argument(help: ArgumentHelp("A file that does not exist yet.", valueName: "file"), completion: .file())
    var file: String

    @OptionGroup
    var store: StoreFlags

    package init() {}

    package func run() throws {
        let folder = try store.folder()
        do throws(StoreError) {
            try StoreBackup.make(of: folder, to: file)
        } catch {
            throw CommandError.lookingAtStore(error)
        }
    }
}
