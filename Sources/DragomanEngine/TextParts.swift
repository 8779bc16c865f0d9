import Foundation
import Inference
package import ModelFormats
import Tensors
package import Text

/// The vocabularies and the tokenizer of a model.
package struct TextParts {
    package let sourceVocabulary: Vocabulary
    let targetVocabulary: Vocabulary
    /// Nil when the model takes and gives tokens only.
    package let tokenizer: Tokenizer?

    /// - Throws: `ModelError`, `TextError`.
    package init(_ bundle: ModelBundle) throws {
        let specials = Tokenizer.SpecialTokens(
            endOfSentence: bundle.configuration.specials.endOfSentence,
            unknown: bundle.configuration.specials.unknown, padding: bundle.configuration.specials.padding,
            targetUnknown: bundle.configuration.specials.targetUnknown)
        switch bundle.tokenizer {
        case .files(let files): try self.init(files, specials)
        case .hub(let recipe): try self.init(recipe, specials, bundle.configuration, bundle.file)
        case .packed(let packed): try self.init(packed, specials, bundle.configuration, bundle.file)
        }
    }

    private init(_ files: ModelBundle.TokenizerFiles, _ specials: Tokenizer.SpecialTokens) throws {
        sourceVocabulary = try Vocabulary(files.sourceVocabulary.map { ($0.piece, $0.id) })
        targetVocabulary =
            files.sourceVocabulary == files.targetVocabulary
            ? sourceVocabulary : try Vocabulary(files.targetVocabulary.map { ($0.piece, $0.id) })
        guard let source = files.sourcePieces, let target = files.targetPieces else {
            tokenizer = nil
            return
        }
        do {
            tokenizer = try Tokenizer(
                sourcePieces: try Data(contentsOf: source), targetPieces: try Data(contentsOf: target),
                sourceVocabulary: sourceVocabulary, targetVocabulary: targetVocabulary, specials: specials,
                sourceName: source.path, targetName: target.path)
        } catch let error as TextError {
            throw ModelError(.malformedFile, file: source.deletingLastPathComponent().path, error.message)
        }
    }

    private init(
        _ recipe: TokenizerRecipe, _ specials: Tokenizer.SpecialTokens, _ configuration: ModelConfiguration,
        _ file: String
    ) throws {
        sourceVocabulary = Vocabulary(recipe.source, name: file)
        targetVocabulary = recipe.target.map { Vocabulary($0, name: file) } ?? sourceVocabulary
        tokenizer = try Self.tokenizer(
            recipe, specials, size: max(configuration.sourceVocabularySize, configuration.targetVocabularySize), file)
    }

    private static func tokenizer(
        _ recipe: TokenizerRecipe, _ specials: Tokenizer.SpecialTokens, size: Int, _ file: String
    ) throws(ModelError) -> Tokenizer {
        do {
            return try Tokenizer(recipe, specials: specials, size: size, name: file)
        } catch {
            throw ModelError(.malformedFile, file: file, error.message)
        }
    }

    private init(
        _ packed: PackedTokenizer, _ specials: Tokenizer.SpecialTokens, _ configuration: ModelConfiguration,
        _ file: String
    ) throws {
        func vocabulary(_ side: String, _ tokens: PackedTokenizer.Tokens, _ size: Int) throws -> Vocabulary {
            let table = TokenTable(
                bytes: tokens.bytes, ends: tokens.ends, ids: tokens.ids, slots: tokens.slots, size: size)
            guard let table else {
                throw ModelError(
                    .malformedFile, file: file, tensor: "\(side).tokens",
                    "the tables of its tokens contradict each other")
            }
            return Vocabulary(table, name: file)
        }
        let sizes = (source: configuration.sourceVocabularySize, target: configuration.targetVocabularySize)
        do {
            sourceVocabulary = try vocabulary(
                "source", packed.source, packed.target == nil ? min(sizes.source, sizes.target) : sizes.source)
            targetVocabulary = try packed.target.map { try vocabulary("target", $0, sizes.target) } ?? sourceVocabulary
            let table = packed.target == nil ? nil : targetVocabulary.table
            if let recipe = try packed.recipe(source: sourceVocabulary.table, target: table, file: file) {
                tokenizer = try Self.tokenizer(recipe, specials, size: max(sizes.source, sizes.target), file)
                return
            }
            guard let source = packed.sourcePieces, let target = packed.targetPieces else {
                tokenizer = nil
                return
            }
            tokenizer = try Tokenizer(
                source: .init(model: source.model, ids: source.ids, name: "\(file): source.pieces"),
                target: .init(model: target.model, ids: target.ids, name: "\(file): target.pieces"),
                sourceVocabulary: sourceVocabulary, targetVocabulary: targetVocabulary, specials: specials)
        } catch let error as TextError {
            throw ModelError(.malformedFile, file: file, error.message)
        }
    }
}
