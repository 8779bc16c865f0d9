import Documents
import DragomanCommand
import Foundation
import TestKit
import Testing

/// Documents by the built executable, with the demo model.
@Suite(.enabled(if: BuiltExecutable.isExpected), .timeLimit(.minutes(5)))
struct DocumentCommandTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func translated(_ name: String, _ text: String, _ flags: [String] = []) async throws -> String {
        let input = try folder.write(name, text)
        let output = folder.file("out-\(name)").path
        let run = try await BuiltExecutable(["translate", input, "--output", output] + flags)
        #expect(run.messages == "" && run.output == "" && run.status == 0)
        return String(decoding: try folder.read("out-\(name)"), as: UTF8.self)
    }

    @Test func `subtitles keep their times`() async throws {
        let text =
            "1\n00:00:01,000 --> 00:00:02,000\nWhere is the\ntrain station?\n\n2\n00:00:03,000 --> 00:00:04,000\n♪\n"
        let output = try await translated("film.srt", text)
        let lines = output.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.count == 9)
        #expect(
            lines[..<2].joined(separator: "\n") + "\n" == text.prefix(32) && output.hasSuffix("\n" + text.suffix(34)))
        #expect(output.contains("gare") && !output.contains("station"))
    }

    @Test func `a catalogue gets its translations`() async throws {
        let text =
            "msgid \"\"\nmsgstr \"\"\n\"Content-Type: text/plain; charset=UTF-8\\n\"\n\nmsgid \"Where is the train station?\"\nmsgstr \"\"\n"
        let output = try await translated("fr.po", text)
        #expect(output.hasPrefix(text.dropLast(2)))
        #expect(output.contains("gare"))
    }

    @Test func `Markdown keeps its emphasis and its code`() async throws {
        let output = try await translated(
            "letter.md", "# Good morning.\n\nWhere is the **train station**?\n\n```\ncode\n```\n")
        #expect(output.hasPrefix("# Bonjour") && output.hasSuffix("?\n\n```\ncode\n```\n"))
        #expect(output.contains("**") && output.contains("gare"))
    }

    @Test func `a file of a word processor keeps its bold words`() async throws {
        var zip = ZipBuilder()
        zip.add("[Content_Types].xml", "<Types/>")
        zip.add(
            "word/document.xml",
            "<w:document><w:body><w:p><w:r><w:t xml:space=\"preserve\">Where is the </w:t></w:r><w:r><w:rPr><w:b/></w:rPr>"
                + "<w:t>train station</w:t></w:r><w:r><w:t>?</w:t></w:r></w:p></w:body></w:document>")
        let input = try folder.write("a.docx", zip.bytes)
        let output = folder.file("b.docx").path
        let run = try await BuiltExecutable(["translate", input, "-o", output])
        #expect(run.messages == "" && run.status == 0)
        let document = try DocumentFile(try folder.read("b.docx"), format: .docx)
        let text = try #require(document.units.first)
        #expect(document.units.count == 1 && text.contains("gare") && text.contains("<g id=\"1\">"))
    }

    @Test func `a document may take the place of itself, and lines may not`() async throws {
        let path = try folder.write("a.json", #"{"text": "Good morning."}"#)
        let run = try await BuiltExecutable(["translate", path, "-o", path])
        #expect(run.status == 0 && run.messages == "")
        let written = String(decoding: try folder.read("a.json"), as: UTF8.self)
        #expect(written.hasPrefix(#"{"text": ""#) && written.hasSuffix("\"}") && !written.contains("morning"))
        let lines = try folder.write("a.txt", "Good morning.\n")
        #expect(try await BuiltExecutable(["translate", lines, "-o", lines]).status == 64)
        #expect(try folder.read("a.txt") == Array("Good morning.\n".utf8))
    }

    @Test func `what is no document is an error of the data`() async throws {
        let path = try folder.write("bad.po", "msgid nothing\n")
        let run = try await BuiltExecutable(["translate", path])
        #expect(run.status == 65 && run.output == "")
        #expect(run.messages.hasPrefix("dragoman: \(path): PO (gettext): line 1: "))
    }
}
