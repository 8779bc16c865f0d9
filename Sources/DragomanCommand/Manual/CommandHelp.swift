package import ArgumentParser
import Foundation

/// What ArgumentParser knows of a command, as `_dumpHelp` writes it in JSON: the library has no public type for it.
package struct CommandHelp: Decodable, Sendable {
    package struct Argument: Decodable, Sendable {
        package enum Kind: String, Decodable, Sendable { case positional, option, flag }

        package struct Name: Decodable, Sendable {
            let kind: String
            let name: String

            /// As it is typed.
            var text: String { (kind == "long" ? "--" : "-") + name }
        }

        let kind: Kind
        let shouldDisplay: Bool
        let sectionTitle: String?
        let isOptional: Bool
        let isRepeating: Bool
        let names: [Name]?
        let valueName: String?
        let defaultValue: String?
        let allValues: [String]?
        let abstract: String?
        let discussion: String?
    }

    private struct Tool: Decodable { let command: CommandHelp }

    let commandName: String
    let superCommands: [String]?
    let shouldDisplay: Bool?
    let abstract: String?
    let discussion: String?
    let subcommands: [CommandHelp]?
    let arguments: [Argument]?

    /// `dragoman model pull`
    var words: [String] { (superCommands ?? []) + [commandName] }

    /// The commands below this one that help shows.
    var shownSubcommands: [CommandHelp] {
        (subcommands ?? []).filter { $0.shouldDisplay != false && $0.commandName != "help" }
    }

    /// A program's command and all below it.
    package static func all(of program: any ParsableCommand.Type) throws -> [CommandHelp] {
        try JSONDecoder().decode(Tool.self, from: Data(program._dumpHelp().utf8)).command.all
    }

    /// This command and all below it.
    private var all: [CommandHelp] { [self] + shownSubcommands.flatMap(\.all) }
}
