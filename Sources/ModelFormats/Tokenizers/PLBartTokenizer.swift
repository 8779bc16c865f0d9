internal import Tensors
internal import Text

/// PLBart: `sentencepiece.bpe.model` with fairseq's first four tokens and its languages behind.
enum PLBartTokenizer {
    static func read(_ source: HubTokenizer.Source) throws(ModelError) -> TokenizerRecipe {
        let name = "sentencepiece.bpe.model"
        let bytes = try VocabularyFile.pieces(name, source.folder)
        let pieces = try SentencePieceFile(bytes, file: source.folder.path(name))
        let codes = try source.settings?.string("language_codes") ?? "base"
        guard let languages = ["base": LanguageCodes.plbart, "multi": LanguageCodes.plbartMulti][codes] else {
            throw ModelError(
                .unsupported, file: source.settings?.file ?? "", "language_codes is not known",
                expected: "base or multi", found: ModelError.quoted(codes))
        }
        var entries = TokenEntries(file: source.folder.path(name))
        for (id, token) in ["<s>", "<pad>", "</s>", "<unk>"].enumerated() { try entries.add(token, id: id) }
        for (index, piece) in pieces.pieces.enumerated().dropFirst(3) { try entries.add(piece.text, id: index + 1) }
        var specials: Set<Int> = [0, 1, 2, 3]
        for language in languages { specials.insert(try entries.require("__\(language)__")) }
        if codes == "base" { specials.insert(try entries.require("<mask>")) }
        for name in source.names.all {
            if let id = entries.id(of: name) { specials.insert(id) }
        }
        var plan = TokenizerPlan(model: .sentencePiece(.init(unknown: 3, decodesByModel: false)))
        plan.specials = specials.sorted()
        plan.cleansUp = try source.settings?.boolean("clean_up_tokenization_spaces") ?? true
        var recipe = TokenizerRecipe(plan: plan, source: entries.table(size: source.size))
        recipe.pieces = Block(bytes)
        return recipe
    }
}
