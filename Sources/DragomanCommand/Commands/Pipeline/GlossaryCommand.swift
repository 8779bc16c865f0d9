package import ArgumentParser
import DragomanClient
import JobModel
import Languages

/// `dragoman glossary`
package struct GlossaryCommand: ParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "glossary", abstract: "Keeps glossaries at brokers, for jobs that give their names.",
        discussion: """
            A glossary says how terms are translated (docs/GLOSSARIES.md). A broker keeps those of the key's tenant by their \
            names, and jobs name one: dragoman submit --glossary-name NAME. A job is translated with the terms that the \
            glossary has when the job is accepted; what becomes of the glossary afterwards changes nothing.

            Examples:
              dragoman glossary add terms.tsv --name shop
              dragoman glossary add terms.tbx --name cars --source-language en --target-language fr
              dragoman glossary list
              dragoman glossary show shop > terms.tsv
              dragoman glossary remove shop

            One that is added under a name that there is takes its place, as the next version. Of several brokers, all are \
            asked.

            Exit status: 0, 1 when there is no glossary of that name, 64 for wrong arguments, 65 for a file that is no \
            glossary, 66 for one that cannot be opened, 69 when no broker answers, 74 when reading or writing fails, 76 when a \
            broker refuses (limits.tenant_glossaries_max, limits.tenant_glossary_bytes_max), 77 when the key may not do this.
            """,
        subcommands: [Add.self, List.self, Show.self, Remove.self])

    package init() {}

    package struct Add: AsyncParsableCommand {
        package static let configuration = CommandConfiguration(abstract: "Keeps the terms of files under a name.")

        @Argument(
            help: ArgumentHelp("TSV, CSV or TBX; - is standard input. Several make one glossary.", valueName: "file"),
            completion: .file())
        var files: [String]
        @Option(help: ArgumentHelp("What jobs call it.", valueName: "name"))
        var name: String
        @Option(
            help: ArgumentHelp(
                "The language of the sources: jobs from another one are refused. (default: any)", valueName: "code"))
        var sourceLanguage: String?
        @Option(help: ArgumentHelp("The language of the targets, in the same way.", valueName: "code"))
        var targetLanguage: String?
        @OptionGroup
        var list: ListFlags

        package init() {}

        package func validate() throws {
            try ListFlags.check([name])
            try GlossaryFlags(files: files).validate()
            for (flag, code) in [("--source-language", sourceLanguage), ("--target-language", targetLanguage)] {
                if let code, LanguageTag(code) == nil {
                    throw ValidationError("\(flag) must be \(LanguageTag.form), not \"\(code)\"")
                }
            }
        }

        package func run() async throws {
            let languages = LanguageSelection(source: sourceLanguage, target: targetLanguage)
            guard let terms = try GlossaryFlags(files: files).read()?.glossary(RequestLanguages(languages)) else {
                return
            }
            guard !terms.isEmpty else {
                throw CommandError(.badData, "\(files.joined(separator: ", ")): no terms; a glossary has one or more")
            }
            let glossary = NamedGlossary(name, terms, languages: languages)
            let kept = try await list.ask { client, broker, patience throws(ClientError) in
                [try await client.keepGlossary(glossary, of: broker, patience: patience)].compactMap(\.self)
            }
            try list.write(kept)
        }
    }

    package struct List: AsyncParsableCommand {
        package static let configuration = CommandConfiguration(
            abstract: "Lists the tenant's glossaries, without their terms.")

        @OptionGroup
        var list: ListFlags

        package init() {}

        package func run() async throws {
            try list.write(
                try await list.ask { client, broker, patience throws(ClientError) in
                    try await client.glossaries(of: broker, patience: patience)
                })
        }
    }

    package struct Show: AsyncParsableCommand {
        package static let configuration = CommandConfiguration(
            abstract: "Writes a glossary's terms, a source, a tab and a target a line, or as JSON.")

        @Argument(help: ArgumentHelp("Its name.", valueName: "name"))
        var name: String
        @OptionGroup
        var list: ListFlags

        package init() {}

        package func validate() throws { try ListFlags.check([name]) }

        package func run() async throws {
            let found = try await list.ask { client, broker, patience throws(ClientError) in
                try await client.glossary(named: name, of: broker, patience: patience)
            }
            guard let (endpoint, glossary) = found.first(where: { $0.answer != nil }), let glossary,
                let terms = glossary.glossary
            else { throw CommandError(.requestsFailed, GlossaryCommand.missing(name)) }
            var json = JSONText()
            json.glossary(glossary, endpoint: endpoint)
            let lines = terms.entries.map { "\($0.source)\t\($0.target)\n" }.joined()
            try OutputFile.standardOutput.finish(with: list.json ? json.bytes + Array("\n".utf8) : Array(lines.utf8))
        }
    }

    package struct Remove: AsyncParsableCommand {
        package static let configuration = CommandConfiguration(
            abstract: "Removes glossaries. Jobs that were accepted with them keep their terms.")

        @Argument(help: ArgumentHelp("A glossary's name.", valueName: "name"))
        var names: [String]
        @OptionGroup
        var list: ListFlags

        package init() {}

        package func validate() throws { try ListFlags.check(names) }

        package func run() async throws {
            try await list.remove(names) { client, broker, patience throws(ClientError) in
                try await client.removeGlossaries(names, of: broker, patience: patience)
            } rest: { _, _, _ throws(ClientError) in
                []
            } because: { name, _ in
                GlossaryCommand.missing(name)
            }
        }
    }

    static func missing(_ name: String) -> String {
        "there is no glossary \(name); dragoman glossary list lists what there is"
    }
}

extension ListFlags {
    fileprivate func write(_ lists: [(endpoint: String, answer: [NamedGlossary])]) throws(CommandError) {
        try write(lists, table: StatusText.glossaries) { json, glossary, endpoint in
            json.glossary(glossary, endpoint: endpoint)
        }
    }
}

extension NamedGlossary: NamedItem {
    var ownTenant: String? { nil }
}

extension StatusText {
    fileprivate static func glossaries(_ glossaries: [NamedGlossary]) -> [[String]] {
        guard !glossaries.isEmpty else { return [] }
        return [["glossary", "version", "languages", "terms", "bytes"]]
            + glossaries.map { glossary in
                [
                    glossary.name, "\(glossary.version)",
                    "\(glossary.languages.source ?? "any") → \(glossary.languages.target ?? "any")",
                    Quantity.grouped(glossary.termCount), Quantity.grouped(glossary.byteCount),
                ]
            }
    }
}

extension JSONText {
    /// `{"endpoint","name","version","source_language","target_language","created_at_ms","terms","bytes","glossary"?}`
    fileprivate mutating func glossary(_ glossary: NamedGlossary, endpoint: String) {
        object { json in
            json.member("endpoint", endpoint)
            json.member("name", glossary.name)
            json.member("version", glossary.version)
            json.member("source_language", glossary.languages.source)
            json.member("target_language", glossary.languages.target)
            json.member("created_at_ms", glossary.createdAt)
            json.member("terms", glossary.termCount)
            json.member("bytes", glossary.byteCount)
            guard let terms = glossary.glossary else { return }
            json.key("glossary")
            json.object { json in
                for entry in terms.entries { json.member(entry.source, entry.target) }
            }
        }
    }
}
