/// Why a request was refused. The model and its other requests are unaffected.
public struct TranslationError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The kind of fault; open, so that more can be added.
    public struct Code: Sendable, Hashable, CustomStringConvertible {
        public let description: String
        private init(_ description: String) { self.description = description }

        /// An option has a value that it cannot have, or two options exclude each other.
        public static let invalidOption = Code("invalid_option")
        /// A token is not in the model's vocabulary.
        public static let unknownToken = Code("unknown_token")
        /// Given tokens are more than the model can hold; text is split instead.
        public static let tooLong = Code("too_long")
        /// The text could not be cut into tokens.
        public static let untokenizable = Code("untokenizable")
        /// A text is not the markup that it should be.
        public static let invalidMarkup = Code("invalid_markup")
        /// The model's folder has no tokenizer, and text was given.
        public static let noTokenizer = Code("no_tokenizer")
        /// The model does not have a language that was asked for, or has several that it may be.
        public static let unknownLanguage = Code("unknown_language")
        /// The model has several languages, and the request does not say which one.
        public static let missingLanguage = Code("missing_language")
        /// The request's constraints forbid every token, or the model computed numbers that are not finite.
        public static let nothingAllowed = Code("nothing_allowed")
    }

    public let code: Code
    /// What was wrong, where, and what to do.
    public let message: String

    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    public var description: String { message }
}
