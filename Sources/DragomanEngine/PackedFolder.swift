public import Foundation
public import Inference
package import ModelFormats
import Tensors
import Text

/// Models in Dragoman's own format: packed as the kernels use them, mapped into memory when they are loaded, and shared by
/// all processes that load them.
public enum PackedFolder {
    /// Packs a model.
    ///
    /// - Parameters:
    ///   - model: A folder in another format.
    ///   - output: The folder to write, which is made if need be; it may hold an older packed model, which is
    ///     replaced at once and only by one that has passed `check`; those who have it loaded keep it.
    ///   - usesShortlist: See `Translator.Settings`.
    /// - Throws: `ModelError`.
    public static func write(
        _ model: URL, to output: URL, precision: Precision, usesShortlist: Bool = false
    ) throws {
        try write(try ModelBundle.load(model, usesShortlist: usesShortlist), to: output, precision: precision)
    }

    package static func write(_ bundle: ModelBundle, to output: URL, precision: Precision) throws {
        guard bundle.packedPrecision == nil else {
            throw ModelError(
                .unsupported, file: bundle.file, "the model is packed already",
                remedy: "import it from the files that it was made of")
        }
        // An archive's files go with it.
        defer { withExtendedLifetime(bundle.unpacked) {} }
        let tokenizer = try packed(bundle)
        let recorder = PackingRecorder(bundle)
        _ = try Transformer(configuration: bundle.configuration, precision: precision, from: recorder)
        try PackedModel.write(
            PackedDescription(bundle, precision: precision), weights: recorder.tensors, tokenizer: tokenizer,
            shortlist: bundle.shortlist, to: output, checking: check(file:))
    }

    /// Reads all of a packed model, and compares it with its checksum. Loading it does not: it would take too long.
    ///
    /// - Throws: `ModelError`.
    public static func check(_ model: URL) throws {
        try check(file: PackedModel.file(in: model))
    }

    private static func check(file path: String) throws {
        try PackedModel.check(path)
        // What the checksums cannot tell: whether it is a model.
        let bundle = try PackedModel.load(path)
        guard let precision = bundle.packedPrecision else { return }
        let text = try TextParts(bundle)
        _ = try Transformer(configuration: bundle.configuration, precision: precision, from: bundle.weights)
        do {
            try text.tokenizer?.load()
        } catch {
            throw ModelError(.malformedFile, file: bundle.file, error.message)
        }
    }

    private static func packed(_ bundle: ModelBundle) throws -> PackedTokenizer {
        if case .hub(let recipe) = bundle.tokenizer {
            // Makes all of it once: what is packed has been seen to be in order.
            try TextParts(bundle).tokenizer?.load()
            return try PackedTokenizer(recipe)
        }
        guard let files = bundle.tokenizer.files else { preconditionFailure("only files are packed") }
        // Loads the SentencePiece models: what is packed has been seen to be in order.
        let text = try TextParts(bundle)
        func tokens(_ table: TokenTable) -> PackedTokenizer.Tokens {
            PackedTokenizer.Tokens(bytes: table.bytes, ends: table.ends, ids: table.ids, slots: table.slots)
        }
        func pieces(_ file: URL?, _ ids: Block<Int32>?) throws -> PackedTokenizer.Pieces? {
            guard let file, let ids else { return nil }
            return PackedTokenizer.Pieces(model: Block(try Data(contentsOf: file)), ids: ids)
        }
        let isShared = files.sourceVocabulary == files.targetVocabulary
        return PackedTokenizer(
            source: tokens(text.sourceVocabulary.table), target: isShared ? nil : tokens(text.targetVocabulary.table),
            sourcePieces: try pieces(files.sourcePieces, text.tokenizer?.pieceIDs?.source),
            targetPieces: try pieces(files.targetPieces, text.tokenizer?.pieceIDs?.target))
    }
}
