package import Foundation
package import Text

/// Finds out which tokenizer a folder in Hugging Face's layout has, and reads it.
///
/// The files decide, and `tokenizer_class` where they leave it open. Where there is a `tokenizer.json`, it says all, for
/// families whose reference reads it.
package enum HubTokenizer {
    /// What a folder says about its tokenizer and its model.
    struct Source {
        var folder: ModelFolder
        /// `config.json`.
        var model: Settings
        /// `tokenizer_config.json`.
        var settings: Settings?
        /// The names of the special tokens.
        var names: SpecialNames
        /// The rows of the model's tables, which ids have to lie in.
        var sourceSize: Int
        var targetSize: Int

        var size: Int { min(sourceSize, targetSize) }
        /// `tokenizer_class` without what tells two implementations of one tokenizer apart.
        var className: String?
        var family: String
    }

    /// Reads the tokenizer of a folder.
    ///
    /// - Parameters:
    ///   - sourceSize, targetSize: How many rows the model's tables have.
    /// - Returns: nil when the folder has none: the model takes and gives tokens only.
    static func read(
        _ model: HubModel, sourceSize: Int, targetSize: Int
    ) throws(ModelError) -> ModelBundle.TokenizerParts? {
        var className = try model.tokenizerClass()
        if let name = className, name.hasSuffix("Fast") { className = String(name.dropLast(4)) }
        let source = Source(
            folder: model.folder, model: model.settings, settings: model.tokenizer,
            names: try SpecialNames(model.folder, model.tokenizer), sourceSize: sourceSize, targetSize: targetSize,
            className: className, family: try model.settings.string("model_type") ?? "")
        guard var recipe = try recipe(source) else { return nil }
        recipe.plan.specials.removeAll { $0 >= max(sourceSize, targetSize) }
        recipe.plan.added.removeAll { $0.id >= max(sourceSize, targetSize) }
        return .hub(recipe)
    }

    /// Reads the tokenizer of a folder whose model has so many rows.
    package static func read(_ url: URL, size: Int) throws(ModelError) -> TokenizerRecipe? {
        let folder = try ModelFolder(url)
        let model = try HubModel(folder, folder.settings("config.json"))
        guard case .hub(let recipe) = try read(model, sourceSize: size, targetSize: size) else { return nil }
        return recipe
    }

    private static func recipe(_ source: Source) throws(ModelError) -> TokenizerRecipe? {
        let folder = source.folder
        switch kind(source) {
        case .characters: return try CharacterTokenizer.read(source)
        case .bytes: return try ByteTokenizer.read(source)
        case .m2m100: return try M2M100Tokenizer.read(source)
        case .plBart: return try PLBartTokenizer.read(source)
        case .file: return try TokenizerFile.read(source)
        case .t5: return try PieceFamilies.t5(source)
        case .mBart: return try PieceFamilies.mBart(source, languages: LanguageCodes.mbart25, isOld: true)
        case .mBart50: return try PieceFamilies.mBart(source, languages: LanguageCodes.mbart50, isOld: false)
        case .nllb: return try PieceFamilies.nllb(source)
        case .pegasus: return try PieceFamilies.pegasus(source)
        case .bart: return try BytePairFiles.read(source)
        case .blenderbotSmall: return try WordPairFiles.blenderbotSmall(source)
        case .fsmt: return try WordPairFiles.fsmt(source)
        case nil:
            let files = [
                "tokenizer.json", "spiece.model", "sentencepiece.bpe.model", "vocab.json", "vocab.txt", "merges.txt",
            ]
            guard let name = source.className, files.contains(where: folder.contains) else { return nil }
            throw ModelError(
                .unsupported, file: folder.path("tokenizer_config.json"),
                "tokenizers of this tokenizer_class are read from tokenizer.json, which the folder lacks",
                found: ModelError.quoted(name),
                remedy: "save the tokenizer again with transformers' save_pretrained, or give the model's tokens")
        }
    }

    private enum Kind {
        case characters, bytes, m2m100, plBart, file, t5, mBart, mBart50, nllb, pegasus, bart, blenderbotSmall, fsmt
    }

    private static func kind(_ source: Source) -> Kind? {
        let folder = source.folder
        let pieces = folder.contains("sentencepiece.bpe.model")
        switch source.className {
        case "M2M100Tokenizer", "SMALL100Tokenizer", "SMaLL100Tokenizer":
            return folder.contains("vocab.json") || !folder.contains("tokenizer.json") ? .m2m100 : .file
        case "PLBartTokenizer": return .plBart
        case "ByT5Tokenizer": return .bytes
        case "BlenderbotSmallTokenizer": return .blenderbotSmall
        case "FSMTTokenizer": return .fsmt
        case nil where source.family == "m2m_100" && pieces && folder.contains("vocab.json"): return .m2m100
        case nil where source.family == "plbart" && pieces: return .plBart
        case nil where source.family == "blenderbot-small" && folder.contains("merges.txt"): return .blenderbotSmall
        case nil where source.family == "fsmt" && folder.contains("merges.txt"): return .fsmt
        default: break
        }
        if folder.contains("tokenizer.json") { return .file }
        switch source.className {
        case "T5Tokenizer": return .t5
        case "MBartTokenizer": return .mBart
        case "MBart50Tokenizer": return .mBart50
        case "NllbTokenizer": return .nllb
        case "PegasusTokenizer": return .pegasus
        case "BartTokenizer", "RobertaTokenizer": return .bart
        default: break
        }
        if source.model["grapheme_chars"] != nil { return .characters }
        switch source.family {
        case "t5", "mt5", "umt5": return folder.contains("spiece.model") ? .t5 : nil
        case "mbart" where pieces: return .mBart
        case "m2m_100" where pieces: return .nllb
        case "pegasus": return folder.contains("spiece.model") ? .pegasus : nil
        case "bart": return folder.contains("vocab.json") && folder.contains("merges.txt") ? .bart : nil
        default: return nil
        }
    }
}
