import DragomanEngine
import Foundation

/// A model's folder, and its tokens: the demo model, or one of the tiny ones of `Tests/Goldens`, which have no text.
struct EngineModel: Sendable {
    let folder: URL
    /// By id.
    let source: [String]
    let target: [String]

    static let tiny = ["marian-separate", "marian-shared", "marian-unforced"]

    init(_ name: String) throws {
        let goldens = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "Goldens")
        folder = name == "demo-en-fr" ? Translator.demoModel : goldens.appending(path: name)
        source = try Self.tokens(folder.appending(path: "vocab.json"))
        let own = folder.appending(path: "target_vocab.json")
        target = FileManager.default.fileExists(atPath: own.path) ? try Self.tokens(own) : source
    }

    func targetID(of token: String) -> Int? { target.firstIndex(of: token) }

    private static func tokens(_ file: URL) throws -> [String] {
        let ids = try JSONDecoder().decode([String: Int].self, from: Data(contentsOf: file))
        return ids.sorted { $0.value < $1.value }.map(\.key)
    }
}
