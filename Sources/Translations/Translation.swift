/// What became of one source.
public struct Translation: Sendable, Hashable {
    /// Best first; samples in the order drawn. Of a source with several segments, hypothesis `n` joins the `n`-th
    /// hypotheses of all of them.
    public var hypotheses: [Hypothesis]

    /// The segments that were translated one by one, in the order of the text. Blank stretches are no segments. Empty in
    /// a job's record.
    public var segments: [Segment]

    /// How many terms of a glossary the source has whose targets are in the best translation, and the sources of those whose
    /// targets are not.
    public var glossaryHits = 0
    public var glossaryMisses: [String] = []

    /// The lowest confidence of its segments; nil when no scores are asked for, or all were copied.
    public var confidence: Float?

    /// Of the first segment that has one.
    public var suspicion: Segment.Suspicion?

    /// How many segments have their translation from a memory.
    public var memoryHits: Int { segments.count { $0.memory != nil } }

    /// Whether some hypothesis ended because it reached the maximum length.
    public var isTruncated: Bool { hypotheses.contains(where: \.isTruncated) }

    public init(hypotheses: [Hypothesis], segments: [Segment] = []) {
        self.hypotheses = hypotheses
        self.segments = segments
    }

    public typealias Hypothesis = Translations.Hypothesis

    /// A stretch of the source that was translated by itself.
    public struct Segment: Sendable, Hashable {
        public var source: String
        public var sourceTokens: [String]
        /// The segment's best translation.
        public var text: String
        /// Where the sentence, which was too long for a segment, was cut after this segment; nil after its last part.
        public var split: Split?

        /// Whether the segment has no letters and stands in the output as it is: it has no tokens, and counts in no score.
        public var isCopied: Bool

        /// What is no language in a segment that is translated, in order: placeholders, addresses, symbols that the model's
        /// vocabulary lacks.
        public var spans: [Span]

        /// The terms of a glossary that the segment has, in order.
        public var terms: [Term]

        /// The geometric mean of the probabilities that the model gave to the tokens of the best translation and its end: 1
        /// where it was sure of each. It compares outputs of one model, and says nothing of what the model does not know. Nil
        /// when no scores are asked for, and of a copied segment.
        public var confidence: Float?

        /// Where the translation is that of a memory, how like its source there the segment is. Such a segment has no tokens,
        /// no spans and no terms, and counts in no score.
        public var memory: TranslationMemory.Match?

        /// What looked wrong about the model's first translation, which is then the better of two; nil: nothing.
        public var suspicion: Suspicion?

        public enum Suspicion: String, Sendable {
            /// Some words come again and again.
            case repetition
            /// It is out of proportion to the source.
            case length
            /// It is the source.
            case copy
            /// It is not in the script of the language.
            case script
        }

        public enum Split: String, Sendable { case clause, word, character }

        public init(
            source: String, sourceTokens: [String], text: String, split: Split?, isCopied: Bool = false,
            spans: [Span] = [], terms: [Term] = [], confidence: Float? = nil, suspicion: Suspicion? = nil,
            memory: TranslationMemory.Match? = nil
        ) {
            self.source = source
            self.sourceTokens = sourceTokens
            self.text = text
            self.split = split
            self.isCopied = isCopied
            self.spans = spans
            self.terms = terms
            self.confidence = confidence
            self.suspicion = suspicion
            self.memory = memory
        }
    }
}

extension Translation.Segment {
    /// A term of a glossary.
    public struct Term: Sendable, Hashable {
        public var source: String
        public var target: String
        public var fate: Fate

        /// Whether the segment's best translation has the target, and how it got there.
        public enum Fate: String, Sendable {
            /// The model has written it by itself.
            case written
            /// The model had to write it, when it was asked again.
            case required
            /// It was put in the place of the words that the model has written for the source.
            case placed
            /// It is not there: only where no second pass is wanted.
            case missed
        }

        public init(source: String, target: String, fate: Fate) {
            self.source = source
            self.target = target
            self.fate = fate
        }
    }

    /// A stretch that means the same, and is written the same, in every translation.
    public struct Span: Sendable, Hashable {
        public var text: String
        public var kind: Kind
        public var fate: Fate

        public enum Kind: String, Sendable {
            case placeholder, entity, code, url, email, file, hashtag, mention, note, symbol
        }

        /// Whether the segment's best translation has it, and how it got there.
        public enum Fate: String, Sendable {
            /// It stood at an edge, and the model was not given it.
            case outside
            /// The model has written it, as it is and as often.
            case copied
            /// The model had to write it, when it was asked again.
            case constrained
            /// It was put where the model has written a stand-in for it, or paid the most attention to it.
            case placed
            /// The model has changed it, or left it out: only where no second pass is wanted.
            case lost
        }

        public init(text: String, kind: Kind, fate: Fate) {
            self.text = text
            self.kind = kind
            self.fate = fate
        }
    }
}
