internal import Tensors
internal import Text

/// M2M-100 and SMaLL-100: `vocab.json`, behind which stand the languages, and `sentencepiece.bpe.model`.
enum M2M100Tokenizer {
    static func read(_ source: HubTokenizer.Source) throws(ModelError) -> TokenizerRecipe {
        var entries = TokenEntries(file: source.folder.path("vocab.json"))
        let vocabulary = try VocabularyFile.read("vocab.json", source.folder)
        for (token, id) in vocabulary { try entries.add(token, id: id) }
        var specials: Set<Int> = []
        let codes = try source.settings?.string("language_codes") ?? "m2m100"
        guard let languages = ["m2m100": LanguageCodes.m2m100, "wmt21": LanguageCodes.wmt21][codes] else {
            throw ModelError(
                .unsupported, file: source.settings?.file ?? "", "language_codes is not known",
                expected: "m2m100 or wmt21", found: ModelError.quoted(codes))
        }
        let first = vocabulary.count
        for (index, language) in languages.enumerated() {
            try entries.add("__\(language)__", id: first + index)
            specials.insert(first + index)
        }
        let unknownName = source.names.name("unk_token", "<unk>")
        guard let unknown = entries.id(of: unknownName) else {
            throw ModelError(
                .contradiction, file: entries.file, "the unknown token \(ModelError.quoted(unknownName)) is not in it")
        }
        let roles = [
            ("bos_token", "<s>"), ("eos_token", "</s>"), ("unk_token", "<unk>"), ("pad_token", "<pad>"),
        ]
        for (role, usual) in roles {
            if let id = entries.id(of: source.names.name(role, usual)) { specials.insert(id) }
        }
        for name in source.names.all {
            if let id = entries.id(of: name) { specials.insert(id) }
        }
        var plan = TokenizerPlan(model: .sentencePiece(.init(unknown: unknown, decodesByModel: true)))
        plan.specials = specials.sorted()
        plan.cleansUp = try source.settings?.boolean("clean_up_tokenization_spaces") ?? false
        var recipe = TokenizerRecipe(plan: plan, source: entries.table(size: source.size))
        recipe.pieces = Block(try VocabularyFile.pieces("sentencepiece.bpe.model", source.folder))
        return recipe
    }
}
