/// FSMT: Moses finds the words, pairs cut them, Moses puts the text together.
struct MosesCodec: TokenCodec {
    private let normalizer: MosesNormalizer
    private let tokenizer: MosesTokenizer
    private let detokenizer: MosesDetokenizer
    private let lowercases: Bool
    private let pairs: WordPairs
    private let table: TokenTable
    private let specials: Set<Int>
    private let unknown: Int

    /// - Parameter isTarget: Which of the languages the side has.
    /// - Throws: for a language that Moses' rules are not known for.
    init(_ recipe: TokenizerRecipe, _ options: TokenizerPlan.Words, isTarget: Bool) throws(TextError) {
        guard case .moses(let source, let target, let lowercases) = options.style, let pairs = WordPairs(recipe) else {
            throw TextError(.inconsistentVocabulary, "a tokenizer with Moses' rules names no languages or no symbols")
        }
        let language = isTarget ? target : source
        guard let tokenizer = MosesTokenizer(language: language) else {
            let known = MosesPrefixes.languages.keys.sorted().joined(separator: ", ")
            throw TextError(
                .tokenization,
                "Moses' rules for the language \(language) are not known, only those for \(known); give the model's tokens "
                    + "in place of text")
        }
        self.tokenizer = tokenizer
        normalizer = MosesNormalizer(language: language)
        detokenizer = MosesDetokenizer(language: language)
        self.lowercases = lowercases
        self.pairs = pairs
        table = recipe.source
        specials = Set(recipe.plan.specials)
        unknown = options.unknown
    }

    func encode(_ text: Substring, _ body: (_ id: Int, _ piece: () -> String) -> Void) {
        let text = lowercases ? text.pythonLowercased[...] : text
        for word in tokenizer.words(of: normalizer.normalize([Unicode.Scalar](scalars: text))) {
            let pieces = pairs.pieces(of: Array(word.utf8))
            for (index, piece) in pieces.enumerated() {
                var token = String(decoding: piece, as: UTF8.self)
                if index == pieces.count - 1 { token += "</w>" }
                let id = table.id(of: token).flatMap { specials.contains($0) ? nil : $0 }
                body(id ?? unknown) { token }
            }
        }
    }

    func decode(_ ids: [Int]) -> String {
        let tokens = ids.filter { !specials.contains($0) }.compactMap { table.token(of: $0) }
        let joined = Array(tokens.joined().utf8).replacing([0x20], with: []).replacing(Array("</w>".utf8), with: [0x20])
        return detokenizer.text(of: String(decoding: joined, as: UTF8.self).pythonWords)
    }
}
