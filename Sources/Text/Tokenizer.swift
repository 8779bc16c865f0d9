package import Tensors

/// Text to token ids and back.
///
/// For a model in Marian's layout, SentencePiece cuts the text, and each piece is looked up in a vocabulary whose ids are
/// the model's rows. For other models of the hub, a `TokenizerRecipe` says how.
///
/// The ids are those of Hugging Face's `MarianTokenizer` (transformers 5.23.0) called with `split_special_tokens=True`
/// and `add_special_tokens=False`. Without the former, a text that holds the letters `</s>` would give the real end of
/// the sentence; a text must not be able to end its own sentence, so here they are only letters. And a language prefix
/// that the vocabulary does not have is text, not one unknown token.
package struct Tokenizer: Sendable {
    /// The ids that mean something of their own and are never shown.
    package struct SpecialTokens: Sendable, Equatable {
        package var endOfSentence: Int
        package var unknown: Int
        /// The same in the target's vocabulary.
        package var targetUnknown: Int
        package var padding: Int

        /// - Parameter targetUnknown: nil when it has the same id there.
        package init(endOfSentence: Int, unknown: Int, padding: Int, targetUnknown: Int? = nil) {
            self.endOfSentence = endOfSentence
            self.unknown = unknown
            self.targetUnknown = targetUnknown ?? unknown
            self.padding = padding
        }
    }

    package let specials: SpecialTokens
    private let source: Side
    private let target: Side

    /// - Parameters:
    ///   - sourcePieces: the bytes of `source.spm`.
    ///   - targetPieces: the bytes of `target.spm`.
    ///   - sourceVocabulary: the ids that the encoder reads.
    ///   - targetVocabulary: the ids that the decoder writes; the same value when both share one file.
    /// - Throws: `TextError` when a file is damaged, or a vocabulary lacks the end or the unknown token. It need not
    ///   have the padding token, which no text and no output holds.
    package init(
        sourcePieces: some Collection<UInt8>, targetPieces: some Collection<UInt8>,
        sourceVocabulary: Vocabulary, targetVocabulary: Vocabulary, specials: SpecialTokens,
        sourceName: String = "source.spm", targetName: String = "target.spm"
    ) throws(TextError) {
        self.specials = specials
        for (vocabulary, unknown) in [
            (sourceVocabulary, specials.unknown), (targetVocabulary, specials.targetUnknown),
        ] {
            try vocabulary.require(specials.endOfSentence, as: "the end of the sentence (eos_token_id)")
            try vocabulary.require(unknown, as: "the unknown token (unk_token_id)")
        }
        source = .marian(
            MarianSide(try SentencePieceModel(sourcePieces, name: sourceName), sourceVocabulary, specials.unknown))
        target = .marian(
            MarianSide(try SentencePieceModel(targetPieces, name: targetName), targetVocabulary, specials.targetUnknown)
        )
    }

    /// A SentencePiece model whose pieces' ids are known, so that it need not be loaded to be part of a tokenizer.
    package struct Pieces: Sendable {
        package var model: Block<UInt8>
        /// The vocabulary's id of each piece.
        package var ids: Block<Int32>
        /// For messages.
        package var name: String

        package init(model: Block<UInt8>, ids: Block<Int32>, name: String) {
            self.model = model
            self.ids = ids
            self.name = name
        }
    }

    /// Makes a tokenizer at once. Its models are loaded when the first text needs them, or when `prepare` says so.
    ///
    /// - Throws: `TextError` when a vocabulary lacks the end or the unknown token, or pieces have ids beyond it. That a
    ///   model cannot be loaded, every use of the tokenizer says.
    package init(
        source: Pieces, target: Pieces, sourceVocabulary: Vocabulary, targetVocabulary: Vocabulary,
        specials: SpecialTokens
    ) throws(TextError) {
        self.specials = specials
        for (vocabulary, unknown) in [
            (sourceVocabulary, specials.unknown), (targetVocabulary, specials.targetUnknown),
        ] {
            try vocabulary.require(specials.endOfSentence, as: "the end of the sentence (eos_token_id)")
            try vocabulary.require(unknown, as: "the unknown token (unk_token_id)")
        }
        self.source = .marian(try MarianSide(source, sourceVocabulary, specials.unknown))
        self.target = .marian(try MarianSide(target, targetVocabulary, specials.targetUnknown))
    }

    /// Makes a tokenizer of the hub at once. What takes long is made when the first text needs it, or `prepare` says so.
    ///
    /// - Parameters:
    ///   - size: How many rows the model has, on the side that has more; tokens have ids below it.
    ///   - name: The folder or the file, for messages.
    /// - Throws: `TextError` when the recipe's tables contradict each other.
    package init(
        _ recipe: TokenizerRecipe, specials: SpecialTokens, size: Int, name: String
    ) throws(TextError) {
        if let problem = recipe.problem(size: size) {
            throw TextError(.inconsistentVocabulary, "the tokenizer of \(name) cannot be used: \(problem)")
        }
        self.specials = specials
        source = .hub(
            Deferred { () throws(TextError) in try recipe.codec(isTarget: false, name: name) },
            Vocabulary(recipe.source, name: name))
        guard let table = recipe.target else {
            target = source
            return
        }
        target = .hub(
            Deferred { () throws(TextError) in try recipe.codec(isTarget: true, name: name) },
            Vocabulary(table, name: name))
    }

    /// Begins to load the models in the background, unless they are loaded.
    package func prepare() {
        source.prepare()
        target.prepare()
    }

    /// Waits until the models are loaded.
    package func load() throws(TextError) {
        try source.load()
        try target.load()
    }

    /// The vocabulary's id of each piece of the models; nil of a tokenizer that is not in Marian's layout.
    package var pieceIDs: (source: Block<Int32>, target: Block<Int32>)? {
        guard case .marian(let source) = source, case .marian(let target) = target else { return nil }
        return (source.ids, target.ids)
    }

    /// The ids of a source text, without the end of the sentence. A prefix (`>>fra<<`) is one token, looked up as it is.
    package func encode(_ text: some StringProtocol) throws(TextError) -> [Int] {
        try source.encode(Substring(text))
    }

    /// The ids of a text in the target language, without the end of the sentence.
    package func encodeTarget(_ text: some StringProtocol) throws(TextError) -> [Int] {
        try target.encode(Substring(text))
    }

    /// How many ids `encode` gives.
    package func count(_ text: some StringProtocol) throws(TextError) -> Int {
        try source.count(Substring(text))
    }

    /// The pieces whose ids `encode` gives; an unknown one is shown as its characters.
    package func pieces(of text: some StringProtocol) throws(TextError) -> [String] {
        try source.pieces(of: Substring(text))
    }

    /// The text of target ids. Special ids are left out, as are ids that no token has.
    package func decode(_ ids: some Sequence<Int>) throws(TextError) -> String {
        try target.decode(ids, specials)
    }

    /// Where the tokens of a source text are in it, in bytes: one for each that `encode` gives.
    /// - Parameter prompt: what stood before the text when it was encoded; the places of its tokens are empty.
    package func sourcePlaces(of text: Substring, prompt: String) throws(TextError) -> [Range<Int>] {
        let prompted = prompt.isEmpty ? 0 : try count(prompt)
        let all = Array(repeating: 0..<0, count: prompted)
        switch source {
        case .marian(let side):
            var shown = ""
            var ends: [Int] = []
            for piece in try side.pieces(of: Substring(prompt + text)).dropFirst(prompted) {
                shown += piece.replacing("▁", with: " ")
                ends.append(shown.utf8.count)
            }
            return all + TokenPlaces.places(ends, in: shown, of: text)
        case .hub:
            let ids = try encode(prompt + text).dropFirst(prompted)
            return all
                + (try places(of: Array(ids), in: text) { ids throws(TextError) in try source.decode(ids, specials) })
        }
    }

    /// Where the tokens of an output are in its text, in bytes.
    /// - Parameter isHidden: whether an id is not shown.
    package func targetPlaces(
        of ids: [Int], in text: String, isHidden: (Int) -> Bool
    ) throws(TextError) -> [Range<Int>] {
        try places(of: ids, in: text[...]) { ids throws(TextError) in try decode(ids.filter { !isHidden($0) }) }
    }

    private func places(
        of ids: [Int], in text: Substring, decode: (ArraySlice<Int>) throws(TextError) -> String
    ) throws(TextError) -> [Range<Int>] {
        let shown = try decode(ids[...])
        let ends = try TokenPlaces.ends(ids.count, of: shown) { count throws(TextError) in try decode(ids[..<count]) }
        return TokenPlaces.places(ends, in: shown, of: text)
    }

    package func sourceID(of token: String) -> Int? { source.vocabulary.id(of: token) }
    package func targetID(of token: String) -> Int? { target.vocabulary.id(of: token) }
    package func sourceToken(_ id: Int) -> String? { source.vocabulary.token(of: id) }
}
