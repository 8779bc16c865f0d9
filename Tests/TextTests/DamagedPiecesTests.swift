import Foundation
import TestKit
import Testing
import Text

@Suite struct DamagedPiecesTests {
    private static let sound = Fixtures.folder.appending(path: "separate/source.spm")

    @Test(arguments: [
        Data(), Data("not a model".utf8), Data(repeating: 0, count: 4096), Data(repeating: 0xFF, count: 64),
    ])
    func `a file that is no model is refused by name`(bytes: Data) throws {
        let error = try #require(throws: TextError.self) { try Self.tokenizer(bytes, name: "x/source.spm") }
        #expect(error.code == .damagedPieces)
        #expect(error.message.hasPrefix("x/source.spm is not a readable SentencePiece model: "))
    }

    @Test func `a model cut short is refused or works`() throws {
        let bytes = try Data(contentsOf: Self.sound)
        for length in stride(from: 0, to: bytes.count, by: 37) {
            try Self.refuseOrWork(bytes.prefix(length))
        }
    }

    @Test func `a model with any bytes changed is refused or works`() throws {
        let bytes = try Data(contentsOf: Self.sound)
        var random = SeededRandom(seed: 1)
        for _ in 0..<2000 {
            var damaged = bytes
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                damaged[Int.random(in: 0..<damaged.count, using: &random)] = .random(in: 0...255, using: &random)
            }
            try Self.refuseOrWork(damaged)
        }
    }

    private static func refuseOrWork(_ pieces: Data) throws {
        do {
            let tokenizer = try tokenizer(pieces, name: "source.spm")
            _ = try tokenizer.pieces(of: "Some text, 漢字 here.")
            _ = try tokenizer.decode(tokenizer.encodeTarget("Some text, 漢字 here."))
        } catch let error as TextError {
            #expect([.damagedPieces, .tokenization].contains(error.code))
        }
    }

    /// A tokenizer with the given pieces on both sides.
    private static func tokenizer(_ pieces: Data, name: String) throws -> Tokenizer {
        let vocabulary = try Vocabulary(["</s>": 0, "<unk>": 1, "▁": 2, "e": 3])
        return try Tokenizer(
            sourcePieces: pieces, targetPieces: pieces, sourceVocabulary: vocabulary, targetVocabulary: vocabulary,
            specials: .init(endOfSentence: 0, unknown: 1, padding: 2), sourceName: name, targetName: name)
    }
}
