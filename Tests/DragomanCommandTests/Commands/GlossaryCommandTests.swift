import DragomanCommand
import Foundation
import TestKit
import Testing

/// `--glossary` of the built executable, with the demo model.
@Suite(.enabled(if: BuiltExecutable.isExpected), .timeLimit(.minutes(5)))
struct GlossaryCommandTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test func `terms of several files are in the output, and JSON tells of them`() async throws {
        let terms = try folder.write("terms.tsv", "car\tbagnole\nAnna\t\n")
        let more = try folder.write("more.csv", "en,fr\n\"station\",\"halte\"\n")
        let input = try folder.write("in.txt", "My car is here.\nWhere is the station, Anna?\nGood morning.\n")
        let flags = ["translate", "--glossary", terms, "--glossary", more, "--input-format", "lines", input]
        let run = try await BuiltExecutable(flags)
        #expect(run.messages == "" && run.status == 0)
        let lines = run.output.split(separator: "\n")
        #expect(lines.count == 3 && lines[0] == "Ma bagnole est ici.")
        #expect(lines[1].contains("halte") && lines[1].contains("Anna"))
        let json = try await BuiltExecutable(flags + ["--json"])
        let objects = try json.output.split(separator: "\n").map {
            try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
        }
        #expect(objects[0]["glossary_hits"] as? Int == 1 && objects[0]["glossary_misses"] as? [String] == [])
        #expect(objects[2]["glossary_hits"] == nil)
        let segments = try #require(objects[0]["segments"] as? [[String: Any]])
        let found = try #require(segments[0]["terms"] as? [[String: String]])
        #expect(found == [["source": "car", "target": "bagnole", "fate": "required"]])
    }

    @Test func `JSON requests have terms of their own, or those of the flag`() async throws {
        let terms = try folder.write("terms.tsv", "car\tbagnole\n")
        let input = try folder.write(
            "in.jsonl",
            """
            {"text": "My car is here.", "glossary": {"car": "automobile"}}
            {"text": "My car is here."}
            {"text": "a", "glossary": {"": "b"}}

            """)
        let run = try await BuiltExecutable(["translate", "--glossary", terms, "--input-format", "jsonl", input])
        #expect(run.status == 1)
        let lines = run.output.split(separator: "\n")
        #expect(lines[0].contains("automobile ") && lines[1].contains("bagnole "))
        #expect(lines[2].contains("invalid_request") && lines[2].contains("the source is empty"))
    }

    @Test func `documents have terms`() async throws {
        let terms = try folder.write("terms.tsv", "train station\tarrêt\n")
        let input = try folder.write("page.html", "<p>Where is the <b>train station</b>?</p>\n")
        let run = try await BuiltExecutable(["translate", "--glossary", terms, input])
        #expect(run.output == "<p>Où se trouve l'<b>arrêt</b> ?</p>\n" && run.messages == "")
    }

    @Test func `what is no glossary ends the command before a model is loaded, and says where`() async throws {
        let first = try folder.write("terms.tsv", "cat\tchat\ncat\tmatou\n")
        let wrong = try await BuiltExecutable(["translate", "--glossary", first], input: "")
        #expect(
            wrong.messages
                == "dragoman: \(first): line 2: \"cat\" has two targets, \"chat\" and \"matou\"; keep one of them\n")
        #expect(wrong.status == 65)
        let second = try folder.write("more.tsv", "cat\tchat\n"), third = try folder.write("other.tsv", "cat\tmatou\n")
        let both = try await BuiltExecutable(["translate", "--glossary", second, "--glossary", third], input: "")
        #expect(both.status == 65 && both.messages.contains("\"cat\" has two targets"))
        let missing = try await BuiltExecutable(["translate", "--glossary", folder.file("no.tsv").path], input: "")
        #expect(missing.status == 66)
        let tokens = try await BuiltExecutable(
            ["translate", "--glossary", second, "--input-format", "tokens"], input: "")
        #expect(tokens.status == 64)
    }

    @Test func `what the model has not written is told where no second pass is wanted`() async throws {
        let terms = try folder.write("terms.tsv", "car\tbagnole\n")
        let run = try await BuiltExecutable(
            ["translate", "--glossary", terms, "--no-second-pass", "--input-format", "lines"],
            input: "My car is here.\n")
        #expect(run.messages == "dragoman: line 1: not translated as the glossary says: car\n" && run.status == 0)
    }
}
