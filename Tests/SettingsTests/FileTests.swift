import Foundation
import Settings
import TestKit
import Testing

@Suite("A file that cannot be read, or is no YAML, says so with its line")
struct FileTests {
    @Test(
        "text that is no YAML",
        arguments: [
            ("broker:\n  lease_ms: [1, 2\nlog:\n", "is not YAML", 3),
            ("broker:\n\tlease_ms: 1\n", "is not YAML", 2),
            ("a: 1\n b: 2\n", "is not YAML", 2),
            ("broker:\n  lease_ms: 1\n  lease_ms: 2\n", "lease_ms is there more than once", 2),
            ("log: {level: info}\n---\nlog: {level: info}\n", "is not YAML", 2),
            ("- broker\n", "is not a mapping of sections", 1),
            ("just text\n", "is not a mapping of sections", 1),
            ("broker: *nothing\n", "is not YAML", 1),
        ])
    func syntax(text: String, what: String, line: Int) throws {
        let report = try read(text, environment: ["DRAGOMAN_LOG_LEVEL": "loud"])
        #expect(report.problems.count == 2)
        let problem = try #require(report.problems.first)
        #expect(problem.what.contains(what))
        #expect(problem.line == line, "\(problem)")
        #expect(report.problems.last?.place == "DRAGOMAN_LOG_LEVEL")
    }

    @Test("a file that is not there, a folder, bytes that are no text, and a file too large")
    func unreadable() throws {
        let folder = try TemporaryFolder()
        func problem(_ path: String) throws -> String {
            let problems = Settings.read(file: path, environment: [:]).problems
            #expect(problems.count == 1)
            return try #require(problems.first).description
        }
        let missing = folder.file("missing.yaml").path
        #expect(try problem(missing).hasPrefix("\(missing): cannot be read: No such file or directory; "))
        #expect(try problem(folder.url.path).contains("cannot be read: Is a directory; "))
        #expect(try problem(folder.write("latin1", [0x61, 0x3A, 0x20, 0xE9])).contains("is not UTF-8"))
        #expect(try problem(folder.write("nul", [0x61, 0x3A, 0x20, 0])).contains("is not YAML"))
        #expect(
            try problem(folder.write("large", "a: " + String(repeating: "x", count: 1 << 20))).contains("is larger"))
    }

    @Test("bytes at random never crash, and set nothing")
    func randomBytes() throws {
        var random = SeededRandom(seed: 5)
        let alphabet = Array("ab: -[]{}#&*!|>'\"%@`,?\n\t\u{85}é~0".utf8)
        for _ in 0..<500 {
            let bytes = (0..<random.integer(1...40)).map { _ in random.choice(alphabet) }
            #expect(try read(String(decoding: bytes, as: UTF8.self)).settings == Settings())
        }
    }

    @Test("aliases are read as what they stand for")
    func aliases() throws {
        let report = try read("broker:\n  lease_ms: &t 20000\n  drain_ms: *t\n")
        #expect(report.problems == [])
        #expect(report.settings.broker.drainMs == 20_000)
    }
}
