package import ArgumentParser
import Foundation
import Wording

/// `dragoman manual`: what packages and `Scripts/install` call.
package struct Manual: ParsableCommand {
    package static let configuration = CommandConfiguration(
        abstract: "Writes the manual pages.",
        discussion: """
            One page for each command, section 1, and one for the configuration file, section 5: in the subfolders man1 \
            and man5, which it makes.

            Example:
              dragoman manual /usr/local/share/man
            """,
        shouldDisplay: false
    )

    @Argument(help: ArgumentHelp("The folder that man1 and man5 are in.", valueName: "directory"))
    var directory: String

    package init() {}

    package func run() throws {
        let folder = URL(fileURLWithPath: directory)
        do {
            for page in try Self.pages() {
                let section = folder.appending(path: "man" + page.name.suffix(1))
                try FileManager.default.createDirectory(at: section, withIntermediateDirectories: true)
                try Data(page.text.utf8).write(to: section.appending(path: page.name))
            }
        } catch {
            throw CommandError(.inputOutput, "\(directory): the pages cannot be written: \(error.reason)")
        }
    }

    package static func pages() throws -> [ManualPage] {
        let help = try CommandHelp.all(of: Dragoman.self)
        let version = Dragoman.version
        return help.map { ManualPage($0, version: version) } + [.configuration(version: version)]
    }
}
