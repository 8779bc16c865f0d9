package import ArgumentParser
import Text

/// `dragoman sentences`
package struct Sentences: ParsableCommand {
    package static let configuration = CommandConfiguration(
        abstract: "Shows how a text is cut into sentences, without a model.",
        discussion: """
            Writes each sentence on a line of its own, and an empty line after each line of the input. What is written \
            is what translate and the workers of a pipeline would translate piece by piece, except that a sentence \
            which is too long for a model is cut further.

            Example:
              dragoman sentences --language de news.de.txt

            Exit status: 0, 64 for wrong arguments, 65 for input that is no UTF-8, 66 for input that cannot be opened, \
            74 when reading or writing fails.
            """
    )

    @Option(
        help: ArgumentHelp(
            "The language of the text (en, eng, en-US), whose abbreviations are known. (default: rules for any)",
            valueName: "code"))
    var language: String?

    @Argument(help: ArgumentHelp("A file; - or none reads standard input.", valueName: "file"), completion: .file())
    var file: String?

    package init() {}

    package func run() throws {
        let output = OutputFile.standardOutput
        let segmenter = SentenceSegmenter(language: language)
        let input = try InputFile.named(file)
        var reader = LineReader(input)
        while let line = try Self.next(&reader) {
            let text = try Self.text(of: line, segmenter)
            do throws(SystemError) {
                try output.write(text)
            } catch {
                throw CommandError(writing: error)
            }
        }
        try output.finish()
    }

    private static func next(_ reader: inout LineReader) throws(CommandError) -> Line? {
        do throws(SystemError) {
            return try reader.next()
        } catch {
            throw CommandError(.inputOutput, error.description)
        }
    }

    /// The sentences of a line, each with a line end, and an empty line.
    private static func text(of line: Line, _ segmenter: SentenceSegmenter) throws(CommandError) -> String {
        guard !line.isTooLong else {
            throw CommandError(.badData, "\(line.place()): longer than \(LineReader.lineBytesMaximum >> 20) MiB")
        }
        let text: String
        do throws(RequestError) {
            text = try StrictUTF8.string(line.content)
        } catch {
            throw CommandError(.badData, "\(line.place()): \(error.message)")
        }
        var lines = ""
        for segment in Document(text, segmenter: segmenter).segments { lines += "\(segment.text)\n" }
        return lines + "\n"
    }
}
