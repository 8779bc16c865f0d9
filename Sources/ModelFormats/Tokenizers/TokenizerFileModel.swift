internal import Tensors
internal import Text

/// The `model` of a `tokenizer.json`.
struct TokenizerFileModel {
    /// All members but the large ones.
    private var members: [ExactString: JSONValue] = [:]
    private var tokens: [(token: String, id: Int)] = []
    /// Of a unigram model.
    private var scores: [Double]?
    private var merges: [(left: String, right: String)]?

    init(_ scanner: inout JSONScanner) throws(ModelError) {
        var members: [ExactString: JSONValue] = [:]
        var tokens: [(token: String, id: Int)] = []
        var scores: [Double]?
        var merges: [(left: String, right: String)]?
        try scanner.object { (key, scanner) throws(ModelError) in
            switch key {
            case "vocab":
                if try scanner.kind() == .object {
                    tokens = try VocabularyFile.entries(&scanner)
                } else {
                    (tokens, scores) = try Self.scored(&scanner)
                }
            case "merges": merges = try Self.pairs(&scanner)
            default: members[ExactString(key)] = try JSONValue(&scanner)
            }
        }
        (self.members, self.tokens, self.scores, self.merges) = (members, tokens, scores, merges)
    }

    /// The model's tokens, and a recipe that has the model and its tables.
    func recipe(_ file: String) throws(ModelError) -> (TokenEntries, TokenizerRecipe) {
        var entries = TokenEntries(file: file)
        for (token, id) in tokens { try entries.add(token, id: id) }
        guard entries.count > 0 else { throw ModelError(.malformedFile, file: file, "its model has no vocabulary") }
        var members = members
        members["type"] = members["type"] ?? .string(inferredType)
        let step = try TokenizerStep(.object(members), "model", file)
        var recipe: TokenizerRecipe
        switch step.type {
        case "Unigram":
            guard let scores else { throw step.invalid("vocab") }
            let unknown = try step.integer("unk_id", in: 0...entries.count - 1)
            let byteFallback = try step.boolean("byte_fallback", false)
            recipe = .init(
                plan: .init(model: .unigram(unknown: unknown, byteFallback: byteFallback)),
                source: entries.table(size: 0))
            recipe.scores = Block(scores)
        case "BPE":
            guard scores == nil else { throw step.invalid("vocab") }
            if case .number(let dropout) = members["dropout"], dropout != 0 {
                throw ModelError(
                    .unsupported, file: file, "dropout of the model BPE would give a text other tokens each time",
                    expected: "null or 0", found: "\(dropout)")
            }
            var options = TokenizerPlan.BytePairs(unknown: try unknown(step, entries, isRequired: false))
            options.fusesUnknown = try step.boolean("fuse_unk", false)
            options.byteFallback = try step.boolean("byte_fallback", false)
            options.ignoresMerges = try step.boolean("ignore_merges", false)
            options.continuingPrefix = try optional("continuing_subword_prefix", step)
            options.endSuffix = try optional("end_of_word_suffix", step)
            recipe = .init(plan: .init(model: .bytePairs(options)), source: entries.table(size: 0))
            recipe.merges = try BytePairFiles.triples(
                merges ?? [], entries, prefix: options.continuingPrefix, file: file)
        case "WordPiece":
            guard scores == nil, let unknown = try unknown(step, entries, isRequired: true) else {
                throw step.invalid("vocab")
            }
            let options = TokenizerPlan.WordPieces(
                unknown: unknown, continuingPrefix: try step.string("continuing_subword_prefix"),
                longestWord: try step.integer("max_input_chars_per_word", in: 1...10_000), size: entries.end)
            recipe = .init(plan: .init(model: .wordPieces(options)), source: entries.table(size: 0))
        default: throw step.unsupported()
        }
        return (entries, recipe)
    }

    /// Old files do not say.
    private var inferredType: String { scores != nil ? "Unigram" : merges != nil ? "BPE" : "WordPiece" }

    private func optional(_ key: String, _ step: TokenizerStep) throws(ModelError) -> String {
        guard let value = step.members[ExactString(key)], value != .null else { return "" }
        return try step.string(key)
    }

    private func unknown(
        _ step: TokenizerStep, _ entries: TokenEntries, isRequired: Bool
    ) throws(ModelError) -> Int? {
        let name = try optional("unk_token", step)
        if name.isEmpty, !isRequired { return nil }
        guard let id = entries.id(of: name) else {
            throw ModelError(
                .contradiction, file: step.file, "the unknown token \(ModelError.quoted(name)) is not in the vocabulary"
            )
        }
        return id
    }

    private static func scored(
        _ scanner: inout JSONScanner
    ) throws(ModelError) -> ([(token: String, id: Int)], [Double]) {
        var tokens: [(token: String, id: Int)] = []
        var scores: [Double] = []
        try scanner.array { (scanner) throws(ModelError) in
            var place = 0
            try scanner.array { (scanner) throws(ModelError) in
                switch place {
                case 0: tokens.append((try scanner.string(), tokens.count))
                case 1: scores.append(try scanner.number().double)
                default: throw scanner.failure("a token has more than a text and a score")
                }
                place += 1
            }
            guard place == 2 else { throw scanner.failure("a token has no text and score") }
        }
        return (tokens, scores)
    }

    /// Pairs are lists of two, or in older files texts with a space between.
    private static func pairs(
        _ scanner: inout JSONScanner
    ) throws(ModelError) -> [(left: String, right: String)] {
        var pairs: [(left: String, right: String)] = []
        try scanner.array { (scanner) throws(ModelError) in
            guard try scanner.kind() == .array else {
                let text = try scanner.string()
                let parts = text.utf8.split(separator: 0x20, omittingEmptySubsequences: false)
                guard parts.count == 2 else { throw scanner.failure("a merge is not two tokens with a space between") }
                pairs.append((String(Substring(parts[0])), String(Substring(parts[1]))))
                return
            }
            var pair: [String] = []
            try scanner.array { (scanner) throws(ModelError) in
                guard pair.count < 2 else { throw scanner.failure("a merge is more than two tokens") }
                pair.append(try scanner.string())
            }
            guard pair.count == 2 else { throw scanner.failure("a merge is not two tokens") }
            pairs.append((pair[0], pair[1]))
        }
        return pairs
    }
}
