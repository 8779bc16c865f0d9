package import ArgumentParser
import DragomanEngine

/// `dragoman model check`
package struct CheckModel: ParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Compares a packed model with its checksum.",
        discussion: """
            Loading a packed model checks what its file says of itself, but reads no more of the weights than it uses:
            a bit that a disk or a copy has changed would change translations unseen. This reads all of it. The \
            checksum (XXH64) finds damage; it is no signature.

            Exit status: 0 when all is as it was written, 64 for wrong arguments, 78 if not.
            """
    )

    @Argument(
        help: ArgumentHelp("A folder that dragoman model import has written.", valueName: "dir"),
        completion: .directory)
    var directory: String

    package init() {}

    package func run() throws {
        let model = try ModelArgument.folder(directory)
        do {
            try PackedFolder.check(model)
        } catch {
            throw CommandError(.badConfiguration, String(describing: error))
        }
    }
}
