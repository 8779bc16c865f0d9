import Foundation
import Testing

/// What the documents point at is there.
@Suite struct DocumentTests {
    private static let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    static let documents =
        ["README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md", "CODE_OF_CONDUCT.md", "Examples/README.md"]
        + ((try? FileManager.default.contentsOfDirectory(atPath: package.appending(path: "docs").path)) ?? [])
        .filter { $0.hasSuffix(".md") }.sorted().map { "docs/\($0)" }

    private static func text(_ document: String) throws -> String {
        try String(contentsOf: package.appending(path: document), encoding: .utf8)
    }

    private static func exists(_ path: String, from folder: URL) -> Bool {
        FileManager.default.fileExists(atPath: folder.appending(path: path).standardized.path)
    }

    @Test(arguments: documents)
    func `every path of the project that a document names exists`(document: String) throws {
        let folders = "Sources|Tests|Scripts|Protos|Config|Examples|systemd|docs"
        let path = try Regex("`((?:\(folders))/[A-Za-z0-9_+./@-]+)`", as: (Substring, Substring).self)
        for match in try Self.text(document).matches(of: path) {
            #expect(Self.exists(String(match.output.1), from: Self.package), "\(document) names \(match.output.1)")
        }
    }

    @Test(arguments: documents)
    func `every link of a document to a file or a heading leads there`(document: String) throws {
        let folder = Self.package.appending(path: document).deletingLastPathComponent()
        let link = try Regex(#"\]\(([^)#\s]*)(?:#([^)\s]+))?\)"#, as: (Substring, Substring, Substring?).self)
        for match in try Self.text(document).matches(of: link) {
            let target = String(match.output.1)
            if target.hasPrefix("http") { continue }
            let file = target.isEmpty ? Self.package.appending(path: document) : folder.appending(path: target)
            #expect(FileManager.default.fileExists(atPath: file.standardized.path), "\(document) links to \(target)")
            guard let heading = match.output.2 else { continue }
            let headings = try String(contentsOf: file.standardized, encoding: .utf8).split(separator: "\n")
                .filter { $0.hasPrefix("#") }.map(Self.anchor)
            #expect(headings.contains(String(heading)), "\(document) links to \(target)#\(heading)")
        }
    }

    @Test(arguments: ["SwiftLibrary", "SwiftClient"])
    func `README shows an example as it is run`(example: String) throws {
        let program = try Self.text("Examples/\(example)/main.swift")
        let start = try #require(program.range(of: "import Dragoman")).lowerBound
        #expect(try Self.text("README.md").contains("```swift\n\(program[start...])```\n"))
    }

    /// As code hosts make it of a heading.
    private static func anchor(_ heading: Substring) -> String {
        String(
            heading.drop { $0 == "#" }.drop { $0 == " " }.lowercased().compactMap { character in
                character == " "
                    ? "-" : character.isLetter || character.isNumber || "-_".contains(character) ? character : nil
            })
    }
}
