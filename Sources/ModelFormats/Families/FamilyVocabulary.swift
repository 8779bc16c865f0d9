internal import Inference
internal import Text

/// How a family's folder turns texts into tokens. Where it has no tokenizer, `vocab.json` may still list the tokens.
enum FamilyVocabulary {
    /// - Parameter configuration: Gets the unknown token's id, where the tokenizer says it.
    static func parts(
        _ model: HubModel, _ configuration: inout ModelConfiguration
    ) throws(ModelError) -> ModelBundle.TokenizerParts {
        if try hasTokenizer(model, configuration) {
            let tokenizer = try HubTokenizer.read(
                model, sourceSize: configuration.sourceVocabularySize,
                targetSize: configuration.targetVocabularySize)
            if case .hub(let recipe) = tokenizer, let unknown = recipe.plan.model.unknown {
                configuration.specials.unknown = unknown
            }
            if let tokenizer { return tokenizer }
        }
        return .files(try files(model, configuration))
    }

    /// Whether there is anything to cut texts with; a list of tokens alone is not enough.
    private static func hasTokenizer(
        _ model: HubModel, _ configuration: ModelConfiguration
    ) throws(ModelError) -> Bool {
        if model.settings["grapheme_chars"] != nil { return true }
        if try model.tokenizerClass()?.hasPrefix("ByT5") == true {
            // Bytes come after three special tokens.
            return min(configuration.sourceVocabularySize, configuration.targetVocabularySize) >= 3 + 256
        }
        return ["tokenizer.json", "sentencepiece.bpe.model", "spiece.model", "merges.txt"].contains {
            model.folder.contains($0)
        }
    }

    private static func files(
        _ model: HubModel, _ configuration: ModelConfiguration
    ) throws(ModelError) -> ModelBundle.TokenizerFiles {
        let entries =
            model.folder.contains("vocab.json")
            ? try entries("vocab.json", model, configuration.sourceVocabularySize) : []
        return .init(sourcePieces: nil, targetPieces: nil, sourceVocabulary: entries, targetVocabulary: entries)
    }

    /// The entries of a JSON object of tokens and ids, in the order of their ids.
    static func entries(
        _ name: String, _ model: HubModel, _ size: Int
    ) throws(ModelError) -> [ModelBundle.VocabularyEntry] {
        try HuggingFaceMarian.Vocabulary.entries(model.folder, name, size: size)
    }
}
