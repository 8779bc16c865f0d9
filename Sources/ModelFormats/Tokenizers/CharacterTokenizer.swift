internal import Text

/// Characters, listed in the model's own configuration: `grapheme_chars`, and `phoneme_chars` for the target.
///
/// The first characters, as many as underscores stand at the start, are places of special tokens.
enum CharacterTokenizer {
    static func read(_ source: HubTokenizer.Source) throws(ModelError) -> TokenizerRecipe {
        let graphemes = try entries("grapheme_chars", source)
        let phonemes = try entries("phoneme_chars", source)
        let unknown = try source.model.integer("unk_token_id", in: 0...max(graphemes.specials - 1, 0)) ?? 3
        guard unknown < graphemes.specials else {
            throw source.model.invalid(
                "grapheme_chars", expected: "underscores at its start, for special tokens",
                found: "\(graphemes.specials) of them")
        }
        var plan = TokenizerPlan(model: .characters(unknown: unknown))
        plan.specials = Array(0..<max(graphemes.specials, phonemes.specials))
        var recipe = TokenizerRecipe(plan: plan, source: graphemes.entries.table(size: source.sourceSize))
        recipe.target = phonemes.entries.table(size: source.targetSize)
        return recipe
    }

    private static func entries(
        _ key: String, _ source: HubTokenizer.Source
    ) throws(ModelError) -> (entries: TokenEntries, specials: Int) {
        guard let characters = try source.model.string(key) else {
            throw ModelError(
                .invalidValue, file: source.model.file, "\(key) is not given", expected: "the characters by their ids")
        }
        var entries = TokenEntries(file: source.model.file)
        let specials = characters.unicodeScalars.prefix { $0 == "_" }.count
        for (id, scalar) in characters.unicodeScalars.enumerated() {
            try entries.add(id < specials ? "<\(id)>" : String(scalar), id: id)
        }
        return (entries, specials)
    }
}
