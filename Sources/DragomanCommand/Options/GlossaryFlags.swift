import ArgumentParser
import Documents
package import DragomanEngine

/// The flags that say which terms are translated how.
package struct GlossaryFlags: ParsableArguments {
    @Option(
        name: .customLong("glossary"), parsing: .singleValue,
        help: ArgumentHelp(
            """
            Translate these terms so: a source, a tab and a target a line, or CSV or TBX. May be given several times; \
            docs/GLOSSARIES.md.
            """, valueName: "file"),
        completion: .file())
    var files: [String] = []

    package init() {}

    package init(files: [String]) { self.files = files }

    package func validate() throws {
        if files.count(where: { $0 == "-" }) > 1 { throw ValidationError("standard input can be read once") }
    }

    /// Whether terms come from standard input.
    var readsStandardInput: Bool { files.contains("-") }

    /// - Throws: `CommandError` for a file that cannot be read, or is no glossary.
    package func read() throws(CommandError) -> GlossaryFiles? {
        if files.isEmpty { return nil }
        var read: [GlossaryFile] = []
        for path in files {
            let input = try InputFile.named(path)
            let bytes: [UInt8]
            do {
                bytes = try input.contents(limit: GlossaryFile.byteCountMax)
            } catch {
                throw CommandError(.inputOutput, error.description)
            }
            read.append(
                try GlossaryFiles.checked { () throws(GlossaryFileError) in try GlossaryFile(bytes, name: input.name) })
        }
        return GlossaryFiles(files: read)
    }
}

/// Files of terms, which make one glossary when it is known between which languages.
package struct GlossaryFiles: Sendable {
    let files: [GlossaryFile]

    /// - Parameter languages: Those that are asked for, or that the model has.
    /// - Throws: `CommandError` for an entry that cannot be, or that contradicts another.
    package func glossary(_ languages: RequestLanguages) throws(CommandError) -> Glossary {
        var glossaries: [Glossary] = []
        for file in files {
            glossaries.append(
                try Self.checked { () throws(GlossaryFileError) in try file.glossary(for: languages.pair) })
        }
        do {
            return try Glossary.joined(glossaries)
        } catch {
            let names = files.map(\.name).joined(separator: ", ")
            throw CommandError(.badData, "\(names): \(error.reason)")
        }
    }

    static func checked<Value>(_ body: () throws(GlossaryFileError) -> Value) throws(CommandError) -> Value {
        do {
            return try body()
        } catch {
            throw CommandError(.badData, error.message)
        }
    }
}
