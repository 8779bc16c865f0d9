import ArgumentParser
import Documents
import JobModel
import Languages

/// The flags that say which translations are known.
package struct MemoryFlags: ParsableArguments {
    @Option(
        name: .customLong("memory"), parsing: .singleValue,
        help: ArgumentHelp(
            """
            Take the translations of segments that this TMX file has from it. May be given several times; \
            docs/MEMORY.md.
            """, valueName: "file"),
        completion: .file())
    var files: [String] = []

    package init() {}

    package func validate() throws {
        if files.count(where: { $0 == "-" }) > 1 { throw ValidationError("standard input can be read once") }
    }

    /// Whether a memory comes from standard input.
    var readsStandardInput: Bool { files.contains("-") }

    /// - Throws: `CommandError` for a file that cannot be read, or is no memory.
    func read() throws(CommandError) -> MemoryFiles? {
        if files.isEmpty { return nil }
        var read: [MemoryFile] = []
        for path in files {
            let input = try InputFile.named(path)
            do {
                read.append(try MemoryFile(try input.contents(limit: MemoryFile.byteCountMax), name: input.name))
            } catch let error as MemoryFileError {
                throw CommandError(.badData, error.message)
            } catch let error as SystemError {
                throw CommandError(.inputOutput, error.description)
            } catch {
                preconditionFailure("an error of another type: \(error)")
            }
        }
        return MemoryFiles(files: read)
    }
}

/// Files of known translations, which make one memory when it is known between which languages.
struct MemoryFiles: Sendable {
    let files: [MemoryFile]

    /// - Throws: `CommandError` where a file has nothing between the languages.
    func memory(_ languages: RequestLanguages) throws(CommandError) -> TranslationMemory {
        do {
            return try MemoryFile.memory(files, for: languages.pair)
        } catch {
            throw CommandError(.badData, error.message)
        }
    }
}
