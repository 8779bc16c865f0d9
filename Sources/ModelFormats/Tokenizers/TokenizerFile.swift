internal import Tensors
internal import Text

/// Reads `tokenizer.json`, the `tokenizers` library's own file.
enum TokenizerFile {
    static let name = "tokenizer.json"

    static func read(_ source: HubTokenizer.Source) throws(ModelError) -> TokenizerRecipe {
        let file = source.folder.path(name)
        let bytes = try source.folder.bytes(name, byteCountMax: ModelFolder.vocabularyBytesMax)
        var recipe = try read(bytes, file: file, size: max(source.sourceSize, source.targetSize), names: source.names)
        if case .bytePairs = recipe.plan.model { return recipe }
        // transformers ignores this key for byte pairs, whose texts it would damage.
        recipe.plan.cleansUp = try source.settings?.boolean("clean_up_tokenization_spaces") ?? false
        return recipe
    }

    /// - Parameters:
    ///   - size: The model's rows: tokens beyond them are left out.
    ///   - names: Special tokens that other files name.
    static func read(
        _ bytes: [UInt8], file: String, size: Int, names: SpecialNames?
    ) throws(ModelError) -> TokenizerRecipe {
        var scanner = JSONScanner(bytes, file: file)
        var members: [ExactString: JSONValue] = [:]
        var model: TokenizerFileModel?
        try scanner.object { (key, scanner) throws(ModelError) in
            switch key {
            case "model": model = try TokenizerFileModel(&scanner)
            case "normalizer", "pre_tokenizer", "decoder", "added_tokens":
                members[ExactString(key)] = try JSONValue(&scanner)
            default: _ = try JSONValue(&scanner)
            }
        }
        try scanner.end()
        guard let model else { throw ModelError(.malformedFile, file: file, "it has no model") }

        var map: Block<UInt8>?
        let normalizers = try normalizers(members["normalizer"], file, map: &map)
        var (entries, recipe) = try model.recipe(file)
        recipe.plan.normalizers = normalizers
        recipe.plan.preTokenizers = try preTokenizers(members["pre_tokenizer"], file)
        recipe.plan.decoders = try decoders(members["decoder"], file)
        recipe.characterMap = map

        var specials: Set<Int> = []
        var added: [Int: AddedToken] = [:]
        for token in try Self.added(members["added_tokens"], &entries, file) {
            if token.isSpecial { specials.insert(token.id) }
            // Of two with one text, the later one counts.
            added[token.id] = token
        }
        recipe.plan.added = added.values.sorted { $0.id < $1.id }
        for name in names?.all ?? [] where !name.isEmpty { specials.insert(try entries.require(name)) }
        for index in recipe.plan.added.indices where specials.contains(recipe.plan.added[index].id) {
            recipe.plan.added[index].isSpecial = true
        }
        recipe.plan.specials = specials.sorted()
        recipe.source = entries.table(size: size)
        if let scores = recipe.scores, scores.count > size { recipe.scores = Block(scores.elements.prefix(size)) }
        return recipe
    }

    /// The added tokens. One that the model has is that of the model, whatever id stands here; another gets the next id.
    private static func added(
        _ value: JSONValue?, _ entries: inout TokenEntries, _ file: String
    ) throws(ModelError) -> [AddedToken] {
        guard let value, value != .null else { return [] }
        guard case .array(let elements) = value else {
            throw ModelError(.malformedFile, file: file, "added_tokens is not a list", found: value.summary)
        }
        guard elements.count <= 1 << 17 else {
            throw ModelError(
                .unsupported, file: file, "there are too many added tokens", expected: "at most \(1 << 17)",
                found: "\(elements.count)")
        }
        var tokens: [AddedToken] = []
        for element in elements {
            guard case .object(var members) = element else {
                throw ModelError(.malformedFile, file: file, "an added token is not an object", found: element.summary)
            }
            members["type"] = .string("AddedToken")
            let step = try TokenizerStep(.object(members), "token", file)
            let content = try step.string("content")
            if content.isEmpty { continue }
            var token = AddedToken(content, id: try entries.require(content))
            token.isSpecial = try step.boolean("special")
            token.isNormalized = try step.boolean("normalized")
            token.isSingleWord = try step.boolean("single_word")
            token.stripsLeft = try step.boolean("lstrip")
            token.stripsRight = try step.boolean("rstrip")
            tokens.append(token)
        }
        return tokens
    }
}
