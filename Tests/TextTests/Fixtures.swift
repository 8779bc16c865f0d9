import Foundation
import Text

/// Where test data lies.
enum Fixtures {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures")
    private static let package = folder.deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
    static let demo = package.appending(path: "Sources/DragomanEngine/Resources/demo-en-fr")

    /// The test sets, which lie beside a checkout and are not part of it.
    static let testsets = package.deletingLastPathComponent().appending(path: "shared/testsets")
    static var hasTestsets: Bool { FileManager.default.fileExists(atPath: testsets.appending(path: "README.md").path) }

    static func lines(_ file: URL) throws -> [String] {
        let text = String(decoding: try Data(contentsOf: file), as: UTF8.self)
        return text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).dropLast()
            .map { String(Substring($0)) }
    }

    static func json<Value: Decodable>(_ type: Value.Type, lines name: String) throws -> [Value] {
        let decoder = JSONDecoder()
        return try lines(folder.appending(path: name)).map { try decoder.decode(type, from: Data($0.utf8)) }
    }

    /// The entries of a vocabulary file in which no two tokens are canonically equal.
    static func vocabulary(_ file: URL) throws -> Vocabulary {
        let entries = try JSONDecoder().decode([String: Int].self, from: Data(contentsOf: file))
        return try Vocabulary(entries, name: file.lastPathComponent)
    }

    static func demoTokenizer() throws -> Tokenizer {
        let vocabulary = try vocabulary(demo.appending(path: "vocab.json"))
        return try Tokenizer(
            sourcePieces: Data(contentsOf: demo.appending(path: "source.spm")),
            targetPieces: Data(contentsOf: demo.appending(path: "target.spm")),
            sourceVocabulary: vocabulary, targetVocabulary: vocabulary,
            specials: .init(endOfSentence: 0, unknown: 1, padding: 8000))
    }
}

extension StringProtocol {
    /// The text as bytes: Swift's `==` takes canonically equivalent texts for equal.
    var bytes: [UInt8] { Array(utf8) }
}
