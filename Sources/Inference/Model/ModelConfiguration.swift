/// What a model is, as a value: every family that Dragoman reads is a reader that fills this in.
///
/// One `Transformer` runs every configuration; no layer asks which family it serves.
public struct ModelConfiguration: Sendable, Equatable, Codable {
    /// The family the files belong to, for people: `marian`.
    public var family: String

    /// The number of rows in the source and the target embedding.
    public var sourceVocabularySize: Int
    public var targetVocabularySize: Int

    /// The width of the residual stream (`d_model`).
    public var width: Int

    public var encoder: Stack
    public var decoder: Stack

    /// How the decoder's layers take up the tokens before the one that they compute.
    public var decoderHistory: History

    public var normalization: Normalization
    public var activation: Activation

    /// Whether the feed-forward block multiplies its activation by a second, linear branch (GLU, arXiv:2002.05202).
    public var gatedFeedForward: Bool

    /// Whether attention scores are divided by the square root of the head's width (all but T5).
    public var scalesAttention: Bool

    /// What embeddings are multiplied by before positions are added: `sqrt(width)` or 1.
    public var embeddingScale: Float

    /// Whether the decoder reads zeros at its first position, whatever the token there (Marian).
    public var startsFromZero: Bool

    /// What the decoder's last state is multiplied by before the output projection: 1, or `1/sqrt(width)` (T5).
    public var outputScale: Float

    /// Whether both sides look tokens up in one table.
    public var sharesEmbeddings: Bool

    /// Whether the output projection is the target embedding.
    public var tiesOutput: Bool

    public var biases: Biases

    public var specials: SpecialTokens

    /// What surrounds a segment's tokens.
    public var framing: Framing

    /// One of the two halves of the model.
    public struct Stack: Sendable, Equatable, Codable {
        public var layers: Int
        public var heads: Int
        /// The width of one head; `heads * headWidth` need not be the model's width (T5).
        public var headWidth: Int
        /// The width of the feed-forward block's inside.
        public var feedForwardWidth: Int
        public var positions: Positions
        /// The most tokens that this side can hold, its special tokens included.
        public var maximumLength: Int

        public init(
            layers: Int, heads: Int, headWidth: Int, feedForwardWidth: Int, positions: Positions, maximumLength: Int
        ) {
            self.layers = layers
            self.heads = heads
            self.headWidth = headWidth
            self.feedForwardWidth = feedForwardWidth
            self.positions = positions
            self.maximumLength = maximumLength
        }
    }

    /// How a decoder's layer takes up what came before a token.
    public enum History: String, Sendable, Equatable, Codable {
        /// It attends to all tokens before.
        case attention
        /// It keeps a state that every token changes: a simpler simple recurrent unit (arXiv:1910.00553, 3; Marian's
        /// `ssru`). Attention to the source is as wide as the model.
        case simpleRecurrence
    }

    /// How a stack tells positions apart.
    public enum Positions: Sendable, Equatable, Codable {
        /// Sines in the first half of the width, cosines in the second (Vaswani et al. 2017, in Marian's order).
        case sinusoidal
        /// A trained table, whose row `position + offset` belongs to a position (BART: 2).
        case learned(offset: Int)
        /// A trained bias on attention scores per head and bucket of distance (T5, arXiv:1910.10683).
        case relative(buckets: Int, maximumDistance: Int)
        /// The same, with a bias of its own in every layer (umT5).
        case relativePerLayer(buckets: Int, maximumDistance: Int)
    }

    public struct Normalization: Sendable, Equatable, Codable {
        public enum Kind: String, Sendable, Equatable, Codable { case layer, rms }
        public enum Placement: String, Sendable, Equatable, Codable { case before, after }
        public var kind: Kind
        public var placement: Placement
        public var epsilon: Float
        /// Whether embeddings are normalised before the first layer (BART).
        public var embeddings: Bool
        /// Whether the decoder adds positions only after that norm (BlenderbotSmall).
        public var precedesPositions: Bool
        /// Whether a last norm follows each stack (every pre-norm family).
        public var final: Bool

        public init(
            kind: Kind, placement: Placement, epsilon: Float, embeddings: Bool, precedesPositions: Bool = false,
            final: Bool
        ) {
            self.kind = kind
            self.placement = placement
            self.epsilon = epsilon
            self.embeddings = embeddings
            self.precedesPositions = precedesPositions
            self.final = final
        }
    }

    public enum Activation: String, Sendable, Equatable, Codable {
        case relu
        /// `x * sigmoid(x)`, also called SiLU.
        case swish
        /// `x * Phi(x)`, with the error function.
        case gelu
        /// The tanh approximation of `gelu`.
        case geluTanh
    }

    /// Which linear parts have a bias.
    public struct Biases: Sendable, Equatable, Codable {
        public var attention: Bool
        public var feedForward: Bool
        /// Layer norm's shift.
        public var normalization: Bool
        /// `final_logits_bias`.
        public var output: Bool

        public init(attention: Bool, feedForward: Bool, normalization: Bool, output: Bool) {
            self.attention = attention
            self.feedForward = feedForward
            self.normalization = normalization
            self.output = output
        }
    }

    /// Token ids with a meaning of their own.
    public struct SpecialTokens: Sendable, Equatable, Codable {
        /// The token that ends an output, and that is forced where an end is.
        public var endOfSentence: Int
        /// What stands for a token that the vocabulary does not have.
        public var unknown: Int
        /// The same in the target's vocabulary; nil when it has the same id there.
        public var targetUnknown: Int?
        public var padding: Int
        /// Other tokens that end an output when the search chooses them.
        public var otherEnds: [Int]
        /// Other tokens that are never shown: a begin of the sentence, a mask, the names of languages.
        public var hidden: [Int]

        public init(
            endOfSentence: Int, unknown: Int, padding: Int, targetUnknown: Int? = nil, otherEnds: [Int] = [],
            hidden: [Int] = []
        ) {
            self.targetUnknown = targetUnknown
            self.endOfSentence = endOfSentence
            self.unknown = unknown
            self.padding = padding
            self.otherEnds = otherEnds
            self.hidden = hidden
        }
    }

    public init(
        family: String, sourceVocabularySize: Int, targetVocabularySize: Int, width: Int, encoder: Stack,
        decoder: Stack, normalization: Normalization, activation: Activation, gatedFeedForward: Bool,
        embeddingScale: Float, outputScale: Float, sharesEmbeddings: Bool, tiesOutput: Bool, biases: Biases,
        specials: SpecialTokens, framing: Framing, scalesAttention: Bool = true, startsFromZero: Bool = false,
        decoderHistory: History = .attention
    ) {
        self.family = family
        self.sourceVocabularySize = sourceVocabularySize
        self.targetVocabularySize = targetVocabularySize
        self.width = width
        self.encoder = encoder
        self.decoder = decoder
        self.decoderHistory = decoderHistory
        self.normalization = normalization
        self.activation = activation
        self.gatedFeedForward = gatedFeedForward
        self.scalesAttention = scalesAttention
        self.embeddingScale = embeddingScale
        self.startsFromZero = startsFromZero
        self.outputScale = outputScale
        self.sharesEmbeddings = sharesEmbeddings
        self.tiesOutput = tiesOutput
        self.biases = biases
        self.specials = specials
        self.framing = framing
    }
}

// Descriptions in packed files of older versions lack what has come since; it means there what it was then.

extension ModelConfiguration {
    /// Where the frame was told before there was `framing`: among the special tokens.
    private struct EarlierFraming: Decodable {
        var endOfSentence: Int
        var decoderStart: Int
        var endsSource: Bool

        var framing: Framing {
            Framing(sourceSuffix: endsSource ? [.token(endOfSentence)] : [], decoderStart: .token(decoderStart))
        }
    }

    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        family = try values.decode(String.self, forKey: .family)
        sourceVocabularySize = try values.decode(Int.self, forKey: .sourceVocabularySize)
        targetVocabularySize = try values.decode(Int.self, forKey: .targetVocabularySize)
        width = try values.decode(Int.self, forKey: .width)
        encoder = try values.decode(Stack.self, forKey: .encoder)
        self.decoder = try values.decode(Stack.self, forKey: .decoder)
        decoderHistory = try values.decodeIfPresent(History.self, forKey: .decoderHistory) ?? .attention
        normalization = try values.decode(Normalization.self, forKey: .normalization)
        activation = try values.decode(Activation.self, forKey: .activation)
        gatedFeedForward = try values.decode(Bool.self, forKey: .gatedFeedForward)
        scalesAttention = try values.decode(Bool.self, forKey: .scalesAttention)
        embeddingScale = try values.decode(Float.self, forKey: .embeddingScale)
        startsFromZero = try values.decodeIfPresent(Bool.self, forKey: .startsFromZero) ?? false
        outputScale = try values.decode(Float.self, forKey: .outputScale)
        sharesEmbeddings = try values.decode(Bool.self, forKey: .sharesEmbeddings)
        tiesOutput = try values.decode(Bool.self, forKey: .tiesOutput)
        biases = try values.decode(Biases.self, forKey: .biases)
        specials = try values.decode(SpecialTokens.self, forKey: .specials)
        framing =
            try values.decodeIfPresent(Framing.self, forKey: .framing)
            ?? values.decode(EarlierFraming.self, forKey: .specials).framing
    }
}

extension ModelConfiguration.SpecialTokens {
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        endOfSentence = try values.decode(Int.self, forKey: .endOfSentence)
        unknown = try values.decode(Int.self, forKey: .unknown)
        targetUnknown = try values.decodeIfPresent(Int.self, forKey: .targetUnknown)
        padding = try values.decode(Int.self, forKey: .padding)
        otherEnds = try values.decodeIfPresent([Int].self, forKey: .otherEnds) ?? []
        hidden = try values.decodeIfPresent([Int].self, forKey: .hidden) ?? []
    }
}

extension ModelConfiguration.Normalization {
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        kind = try values.decode(Kind.self, forKey: .kind)
        placement = try values.decode(Placement.self, forKey: .placement)
        epsilon = try values.decode(Float.self, forKey: .epsilon)
        embeddings = try values.decode(Bool.self, forKey: .embeddings)
        precedesPositions = try values.decodeIfPresent(Bool.self, forKey: .precedesPositions) ?? false
        final = try values.decode(Bool.self, forKey: .final)
    }
}
