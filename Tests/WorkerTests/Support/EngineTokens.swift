import DragomanEngine
import Foundation

/// The demo model's vocabulary.
enum EngineTokens {
    /// All that an output may have, but for the end of a sentence.
    static func all() throws -> [String] {
        let file = Translator.demoModel.appending(path: "vocab.json")
        return try JSONDecoder().decode([String: Int].self, from: Data(contentsOf: file)).keys.filter { $0 != "</s>" }
    }
}
