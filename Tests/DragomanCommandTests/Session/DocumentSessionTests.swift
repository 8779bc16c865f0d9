import ArgumentParser
import Documents
import DragomanCommand
import DragomanEngine
import Testing

@Suite struct DocumentSessionTests {
    private func run(
        _ arguments: [String], _ text: String, translate: @escaping TranslationSession.Translate = { .capitals($0) }
    ) async throws -> (output: String, messages: String, status: DragomanCommand.ExitStatus) {
        let messages = try TemporaryFile()
        let command = try Translate.parse(arguments)
        let format = try #require(command.documentFormat)
        let document = try DocumentSession.read(TemporaryFile(Array(text.utf8)).input(), format, keys: command.keys)
        let session = command.documentSession(document, messages: messages.output, translate: translate)
        let (bytes, status) = try await session.run()
        return (String(decoding: bytes, as: UTF8.self), try messages.contents(), status)
    }

    private let subtitles =
        "1\n00:00:01,000 --> 00:00:02,000\nGood morning.\n\n2\n00:00:03,000 --> 00:00:04,000\nBye.\n"

    @Test func `a document comes out with its texts translated`() async throws {
        let (output, messages, status) = try await run(["film.en.srt"], subtitles)
        #expect(output == subtitles.replacing("Good morning.", with: "GOOD MORNING.").replacing("Bye.", with: "BYE."))
        #expect(messages == "" && status == .success)
    }

    @Test func `a text that fails stays, and is told`() async throws {
        let (output, messages, status) = try await run(["--format", "srt"], subtitles) { request in
            if request.source == .text("Bye.") { throw TranslationError(.nothingAllowed, "every token is forbidden") }
            return .capitals(request)
        }
        #expect(output == subtitles.replacing("Good morning.", with: "GOOD MORNING."))
        #expect(messages == "dragoman: text 2: every token is forbidden (left as it is)\n")
        #expect(status == .requestsFailed)
    }

    @Test func `keys say which values are translated`() async throws {
        let run = try await run(["--keys", "a", "--keys", "!b", "x.json"], #"{"a": "one", "b": "two"}"#)
        #expect(run.output == #"{"a": "ONE", "b": "two"}"#)
    }

    @Test(arguments: [
        (["film.srt"], DocumentFormat.srt), (["--format", "md", "-"], .markdown),
        (["--format", "text", "a.srt"], .text),
        (["a.yml"], .yaml),
    ])
    func `a format is known by flag or by name`(arguments: [String], format: DocumentFormat) throws {
        #expect(try Translate.parse(arguments).documentFormat == format)
    }

    @Test(arguments: [
        [], ["news.txt"], ["--input-format", "lines", "film.srt"], ["--json", "film.srt"],
        ["--score", "a", "film.srt"],
    ])
    func `lines are lines`(arguments: [String]) throws {
        #expect(try Translate.parse(arguments).documentFormat == nil)
    }

    @Test(arguments: [
        ["--format", "srt", "--json"], ["--format", "srt", "--input-format", "text"], ["--format", "odd"],
        ["--keys", "a", "film.srt"], ["--format", "srt", "--n-best", "2", "--beam-size", "2"],
        ["--format", "srt", "--paragraphs"], ["--format", "srt", "--score", "a"],
    ])
    func `what does not go together is refused`(arguments: [String]) {
        #expect(throws: (any Error).self) { try Translate.parse(arguments) }
    }

    @Test func `a file that is no document is told with its line`() throws {
        let error = #expect(throws: CommandError.self) {
            try DocumentSession.read(TemporaryFile(Array("{\n,".utf8)).input(), .json)
        }
        #expect(error?.status == .badData)
        #expect(error?.message?.hasPrefix("temporary file: JSON: line 2: ") == true)
    }
}
