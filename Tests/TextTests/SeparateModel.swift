import Foundation
import Text

/// The model in Fixtures/separate, whose source side has no normalisation: "é" is in its vocabulary twice.
enum SeparateModel {
    static let folder = Fixtures.folder.appending(path: "separate")

    static func tokenizer() throws -> Tokenizer {
        let target = try entries("target_vocab.json")
        let padding = target.last?.value ?? 0
        return try Tokenizer(
            sourcePieces: Data(contentsOf: folder.appending(path: "source.spm")),
            targetPieces: Data(contentsOf: folder.appending(path: "target.spm")),
            sourceVocabulary: Vocabulary(entries("vocab.json")),
            targetVocabulary: Vocabulary(target, name: "target_vocab.json"),
            specials: .init(endOfSentence: 0, unknown: 1, padding: padding))
    }

    /// The entries of a file as the script wrote it: one flat object, in order, tokens escaped to ASCII.
    private static func entries(_ name: String) throws -> [(key: String, value: Int)] {
        let text = String(decoding: try Data(contentsOf: folder.appending(path: name)), as: UTF8.self)
        return try text.matches(of: #/"(?:[^"\\]|\\.)*"/#).enumerated().map { id, token in
            let array = Data("[\(token.output)]".utf8)
            return (key: try JSONDecoder().decode([String].self, from: array)[0], value: id)
        }
    }
}
