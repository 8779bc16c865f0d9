import DragomanCommand
import Foundation
import TestKit
import Testing

/// `--memory` of the built executable, with the demo model.
@Suite(.enabled(if: BuiltExecutable.isExpected), .timeLimit(.minutes(30)))
struct MemoryCommandTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func memory(_ name: String, _ units: KeyValuePairs<String, String>) throws -> String {
        let body = units.map {
            "<tu><tuv xml:lang='en-GB'><seg>\($0.key)</seg></tuv><tuv xml:lang='fr'><seg>\($0.value)</seg></tuv></tu>"
        }
        return try folder.write(
            name, "<tmx version='1.4'><header srclang='en'/><body>\(body.joined(separator: "\n"))</body></tmx>\n")
    }

    @Test func `segments of several files are in the output, JSON marks them, and they are counted`() async throws {
        let first = try memory("a.tmx", ["Good morning.": "Salut.", "Hello.": "Coucou."])
        let second = try memory("b.tmx", ["Hello.": "Bonjour à vous."])
        let input = try folder.write("in.txt", "GOOD MORNING.\nHello.\nWe live here.\n")
        let flags = ["translate", "--memory", first, "--memory", second, "--input-format", "lines", input]
        let run = try await BuiltExecutable(flags)
        #expect(run.output == "Salut.\nBonjour à vous.\nNous vivons ici.\n" && run.status == 0)
        #expect(
            run.messages
                == "dragoman: 2 of 3 segments are from the memory, 1 of them with letters of another case\n")
        let json = try await BuiltExecutable(flags + ["--json"])
        let objects = try json.output.split(separator: "\n").map {
            try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
        }
        #expect(objects.map { $0["memory_hits"] as? Int } == [1, 1, nil])
        let segments = objects.map { ($0["segments"] as? [[String: Any]])?.first?["memory"] as? String }
        #expect(segments == ["folded", "exact", nil])
    }

    @Test func `documents, and JSON requests in the same languages, have a memory`() async throws {
        let known = try memory("a.tmx", ["Good morning.": "Salut."])
        let page = try folder.write("page.html", "<p><i>Good morning.</i></p><p>Good <b>morning</b>.</p>\n")
        let document = try await BuiltExecutable(["translate", "--memory", known, page])
        #expect(document.output.hasPrefix("<p><i>Salut.</i></p><p>") && !document.output.contains("<p>Salut"))
        #expect(document.messages == "dragoman: 1 of 2 segments are from the memory\n")
        let lines = try folder.write("in.jsonl", "{\"text\": \"Good morning.\", \"source_language\": \"en\"}\n")
        let requests = try await BuiltExecutable(["translate", "--memory", known, "--input-format", "jsonl", lines])
        #expect(requests.output.contains("\"text\":\"Salut.\""))
    }

    @Test func `what is no memory ends the command before a model is loaded, and says where`() async throws {
        let broken = try folder.write("a.tmx", "<tmx>\n<body></tmx>\n")
        let wrong = try await BuiltExecutable(
            ["translate", "--model", "/none", "--memory", broken], input: "")
        #expect(wrong.messages == "dragoman: \(broken): line 2: an end tag ends no element\n" && wrong.status == 65)
        let known = try memory("b.tmx", ["a": "b"])
        let languages = try await BuiltExecutable(
            ["translate", "--memory", known, "--target-language", "de"], input: "")
        #expect(languages.status == 65 && languages.messages.contains("the file has no units from en to de"))
        let missing = try await BuiltExecutable(["translate", "--memory", folder.file("no.tmx").path], input: "")
        #expect(missing.status == 66)
        for flags in [["--input-format", "tokens"], ["--memory", "-"]] {
            let refused = try await BuiltExecutable(["translate", "--memory", known] + flags, input: "")
            #expect(refused.status == 64)
        }
    }
}
