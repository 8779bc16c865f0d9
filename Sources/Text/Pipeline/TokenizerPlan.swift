/// What a tokenizer does, without its tables: the parts of a `tokenizer.json`, or what a family's class is made of.
package struct TokenizerPlan: Codable, Equatable, Sendable {
    /// How text is cut into tokens, and tokens are put together where the steps below do not say.
    package enum Model: Codable, Equatable, Sendable {
        case unigram(unknown: Int, byteFallback: Bool)
        case bytePairs(BytePairs)
        case wordPieces(WordPieces)
        /// A SentencePiece model whose pieces are looked up in the vocabulary.
        case sentencePiece(SentencePieces)
        /// Each byte of UTF-8 is the token `offset` above it.
        case bytes(offset: Int)
        /// Each character is a token.
        case characters(unknown: Int)
        /// Words, cut into pieces by pairs of symbols that need be no tokens themselves.
        case words(Words)

        /// The unknown token; nil when the model has no such token.
        package var unknown: Int? {
            switch self {
            case .unigram(let unknown, _), .characters(let unknown): unknown
            case .bytePairs(let options): options.unknown
            case .wordPieces(let options): options.unknown
            case .sentencePiece(let options): options.unknown
            case .bytes: nil
            case .words(let options): options.unknown
            }
        }
    }

    package struct Words: Codable, Equatable, Sendable {
        package enum Style: Codable, Equatable, Sendable {
            /// Pieces that the word goes on after end with `@@`.
            case blenderbotSmall
            /// Moses' rules find the words and put the text together; the last piece of a word ends with `</w>`.
            case moses(source: String, target: String, lowercases: Bool)
        }

        package var style: Style
        package var unknown: Int

        package init(style: Style, unknown: Int) {
            self.style = style
            self.unknown = unknown
        }
    }

    package struct BytePairs: Codable, Equatable, Sendable {
        /// Nil: unknown characters are left out.
        package var unknown: Int?
        package var fusesUnknown = false
        package var byteFallback = false
        /// Whether a part that is itself a token stays whole.
        package var ignoresMerges = false
        package var continuingPrefix = ""
        package var endSuffix = ""

        package init(unknown: Int?) { self.unknown = unknown }
    }

    package struct WordPieces: Codable, Equatable, Sendable {
        package var unknown: Int
        package var continuingPrefix: String
        /// In characters.
        package var longestWord: Int
        /// How many tokens the model has, those that were added not among them.
        package var size: Int

        package init(unknown: Int, continuingPrefix: String, longestWord: Int, size: Int) {
            self.unknown = unknown
            self.continuingPrefix = continuingPrefix
            self.longestWord = longestWord
            self.size = size
        }
    }

    package struct SentencePieces: Codable, Equatable, Sendable {
        package var unknown: Int
        /// Whether SentencePiece puts the text together, or `▁` becomes a space.
        package var decodesByModel: Bool

        package init(unknown: Int, decodesByModel: Bool) {
            self.unknown = unknown
            self.decodesByModel = decodesByModel
        }
    }

    package var model: Model
    package var normalizers: [Normalizer] = []
    package var preTokenizers: [PreTokenizer] = []
    /// Nil: tokens are joined by spaces.
    package var decoders: [TokenDecoder]?
    /// Tokens that are found in the text before the model sees it.
    package var added: [AddedToken] = []
    /// Ids that text never becomes, and that are never shown.
    package var specials: [Int] = []
    /// Whether the decoded text loses the spaces before punctuation (`clean_up_tokenization_spaces`).
    package var cleansUp = false

    package init(model: Model) { self.model = model }
}
