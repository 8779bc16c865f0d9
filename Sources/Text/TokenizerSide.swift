import Tensors

extension Tokenizer {
    /// The source or the target half of a tokenizer.
    enum Side: Sendable {
        case marian(MarianSide)
        case hub(Deferred<any TokenCodec>, Vocabulary)

        var vocabulary: Vocabulary {
            switch self {
            case .marian(let side): side.vocabulary
            case .hub(_, let vocabulary): vocabulary
            }
        }

        /// Begins to load in the background.
        func prepare() {
            switch self {
            case .marian(let side): side.prepare()
            case .hub(let codec, _): codec.prepare()
            }
        }

        /// Waits until all is loaded.
        func load() throws(TextError) {
            switch self {
            case .marian(let side): try side.load()
            case .hub(let codec, _): _ = try codec.get()
            }
        }

        func encode(_ text: Substring) throws(TextError) -> [Int] {
            guard case .hub(let codec, _) = self else { return try marian.encode(text) }
            var ids: [Int] = []
            try codec.get().encode(text) { id, _ in ids.append(id) }
            return ids
        }

        func count(_ text: Substring) throws(TextError) -> Int {
            guard case .hub(let codec, _) = self else { return try marian.count(text) }
            var count = 0
            try codec.get().encode(text) { _, _ in count += 1 }
            return count
        }

        func pieces(of text: Substring) throws(TextError) -> [String] {
            guard case .hub(let codec, _) = self else { return try marian.pieces(of: text) }
            var pieces: [String] = []
            try codec.get().encode(text) { _, piece in pieces.append(piece()) }
            return pieces
        }

        /// The text of ids.
        ///
        /// - Parameter specials: What is not shown of a model in Marian's layout; others know theirs.
        func decode(_ ids: some Sequence<Int>, _ specials: SpecialTokens) throws(TextError) -> String {
            switch self {
            case .marian(let side):
                let hidden = [specials.endOfSentence, specials.padding, specials.targetUnknown]
                return try side.decode(ids.filter { !hidden.contains($0) }.compactMap(side.vocabulary.token(of:)))
            case .hub(let codec, _): return try codec.get().decode(Array(ids))
            }
        }

        private var marian: MarianSide {
            guard case .marian(let side) = self else { preconditionFailure("a side is one or the other") }
            return side
        }
    }

    /// A half in Marian's layout.
    struct MarianSide: Sendable {
        private let model: Deferred<SentencePieceModel>
        let vocabulary: Vocabulary
        private let unknown: Int
        /// The vocabulary's id for each of the model's pieces, so that only unknown pieces are looked up by name.
        let ids: Block<Int32>

        init(_ model: SentencePieceModel, _ vocabulary: Vocabulary, _ unknown: Int) {
            self.model = Deferred(made: model)
            self.vocabulary = vocabulary
            self.unknown = unknown
            ids = Block((0..<model.count).map { Int32(vocabulary.id(of: model.piece($0)) ?? unknown) })
        }

        init(_ pieces: Pieces, _ vocabulary: Vocabulary, _ unknown: Int) throws(TextError) {
            let known = 0...Int32(vocabulary.largestID)
            guard pieces.ids.elements.allSatisfy(known.contains) else {
                throw TextError(.inconsistentVocabulary, "\(pieces.name): a piece has an id that no token has")
            }
            model = Deferred { () throws(TextError) in
                let model = try SentencePieceModel(UnsafeRawBufferPointer(pieces.model.elements), name: pieces.name)
                guard model.count == pieces.ids.count else {
                    throw TextError(
                        .damagedPieces, "\(pieces.name) has \(model.count) pieces, and ids of \(pieces.ids.count)")
                }
                return model
            }
            self.vocabulary = vocabulary
            self.unknown = unknown
            ids = pieces.ids
        }

        /// Begins to load the model in the background.
        func prepare() { model.prepare() }

        /// Waits until the model is loaded.
        func load() throws(TextError) { _ = try model.get() }

        func encode(_ text: Substring) throws(TextError) -> [Int] {
            let (prefix, text) = split(text)
            let model = try model.get()
            var encoded: [Int] = []
            if let prefix, let id = vocabulary.id(of: prefix) { encoded.append(id) }
            try model.encode(text) { piece, characters in
                // Characters that this side's model does not know may be a token all the same: in a shared vocabulary,
                // one of the other side's.
                encoded.append(
                    piece == model.unknown ? vocabulary.id(of: characters()) ?? unknown : Int(ids.pointer[piece]))
            }
            return encoded
        }

        func count(_ text: Substring) throws(TextError) -> Int {
            let (prefix, text) = split(text)
            var count = prefix == nil ? 0 : 1
            try model.get().encode(text) { _, _ in count += 1 }
            return count
        }

        func pieces(of text: Substring) throws(TextError) -> [String] {
            let (prefix, text) = split(text)
            var pieces = prefix.map { [$0] } ?? []
            try model.get().encode(text) { _, characters in pieces.append(characters()) }
            return pieces
        }

        func decode(_ tokens: [String]) throws(TextError) -> String {
            let text = try model.get().decode(tokens)
            // Pieces that the model does not know still carry `▁`, which Marian shows as a space.
            let spaced = String(String.UnicodeScalarView(text.unicodeScalars.map { $0 == "▁" ? " " : $0 }))
            return String(spaced[...].trimmed(\.isPythonSpace))
        }

        /// A prefix that the vocabulary does not have is text: Hugging Face makes one unknown token of it, and of
        /// ">>> quoted << words" loses the first.
        private func split(_ text: Substring) -> (prefix: String?, text: Substring) {
            guard let (token, rest) = LanguagePrefix.split(text), vocabulary.id(of: String(token)) != nil else {
                return (nil, text)
            }
            return (String(token), rest)
        }
    }
}

extension Unicode.Scalar {
    /// What Python's `str.strip` removes: white space and the four information separators.
    var isPythonSpace: Bool {
        isSpace || (0x1C...0x1F).contains(value)
    }
}
