internal import Tensors
internal import Text

/// Vocabularies with a `merges.txt` whose symbols need be no tokens: BlenderbotSmall and FSMT.
enum WordPairFiles {
    static func blenderbotSmall(_ source: HubTokenizer.Source) throws(ModelError) -> TokenizerRecipe {
        let entries = try entries("vocab.json", source.folder)
        let unknown = try unknown(source.names.name("unk_token", "__unk__"), entries)
        let roles = [
            ("bos_token", "__start__"), ("eos_token", "__end__"), ("unk_token", "__unk__"), ("pad_token", "__null__"),
        ]
        var plan = TokenizerPlan(model: .words(.init(style: .blenderbotSmall, unknown: unknown)))
        plan.specials = specials(roles, source.names, entries)
        var recipe = TokenizerRecipe(plan: plan, source: entries.table(size: source.size))
        try addMerges(
            &recipe, try VocabularyFile.merges("merges.txt", source.folder, skipsFirst: true, hasCounts: true),
            file: source.folder.path("merges.txt"))
        return recipe
    }

    static func fsmt(_ source: HubTokenizer.Source) throws(ModelError) -> TokenizerRecipe {
        let settings = source.settings?["langs"] == nil ? source.model : source.settings ?? source.model
        guard case .array(let languages)? = settings["langs"], languages.count == 2,
            case .string(let sourceLanguage) = languages[0], case .string(let targetLanguage) = languages[1]
        else {
            throw settings.invalid(
                "langs", expected: "the source's and the target's language", found: settings["langs"]?.summary ?? "none"
            )
        }
        let sourceEntries = try entries("vocab-src.json", source.folder)
        let targetEntries = try entries("vocab-tgt.json", source.folder)
        let unknown = try unknown(source.names.name("unk_token", "<unk>"), sourceEntries)
        var lowercases = try source.settings?.boolean("do_lower_case")
        if lowercases == nil { lowercases = try source.model.boolean("do_lower_case") }
        let roles = [("bos_token", "<s>"), ("sep_token", "</s>"), ("unk_token", "<unk>"), ("pad_token", "<pad>")]
        var plan = TokenizerPlan(
            model: .words(
                .init(
                    style: .moses(source: sourceLanguage, target: targetLanguage, lowercases: lowercases ?? false),
                    unknown: unknown)))
        // The reference knows special tokens by their source ids, which the target's vocabulary shares.
        plan.specials = specials(roles, source.names, sourceEntries)
        var recipe = TokenizerRecipe(plan: plan, source: sourceEntries.table(size: source.sourceSize))
        recipe.target = targetEntries.table(size: source.targetSize)
        try addMerges(
            &recipe, try VocabularyFile.merges("merges.txt", source.folder, hasCounts: true),
            file: source.folder.path("merges.txt"))
        return recipe
    }

    private static func entries(_ name: String, _ folder: ModelFolder) throws(ModelError) -> TokenEntries {
        var entries = TokenEntries(file: folder.path(name))
        for (token, id) in try VocabularyFile.read(name, folder) { try entries.add(token, id: id) }
        return entries
    }

    private static func unknown(_ name: String, _ entries: TokenEntries) throws(ModelError) -> Int {
        guard let id = entries.id(of: name) else {
            throw ModelError(
                .contradiction, file: entries.file, "the unknown token \(ModelError.quoted(name)) is not in it")
        }
        return id
    }

    private static func specials(
        _ roles: [(String, String)], _ names: SpecialNames, _ entries: TokenEntries
    ) -> [Int] {
        let all = roles.map { names.name($0.0, $0.1) } + names.all
        return Set(all.compactMap { entries.id(of: $0) }).sorted()
    }

    private static func addMerges(
        _ recipe: inout TokenizerRecipe, _ merges: [(left: String, right: String)], file: String
    ) throws(ModelError) {
        var symbols = TokenEntries(file: file)
        var triples: [Int32] = []
        for merge in merges {
            for symbol in [merge.left, merge.right, merge.left + merge.right] {
                triples.append(Int32(try symbols.require(symbol)))
            }
        }
        recipe.symbols = symbols.table(size: TokenEntries.countMax)
        recipe.merges = triples.isEmpty ? nil : Block(triples)
    }
}
