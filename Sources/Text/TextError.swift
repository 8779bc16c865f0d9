/// Why text could not be turned into tokens or back.
package struct TextError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The kind of fault; open, so that more can be added.
    package struct Code: Sendable, Hashable, CustomStringConvertible {
        package let description: String
        private init(_ description: String) { self.description = description }

        /// A file of pieces (`source.spm`) cannot be read.
        package static let damagedPieces = Code("damaged_pieces")
        /// A vocabulary contradicts itself, or lacks a token that the model's configuration names.
        package static let inconsistentVocabulary = Code("inconsistent_vocabulary")
        /// The SentencePiece library refused a text or a list of pieces.
        package static let tokenization = Code("tokenization")
    }

    package let code: Code
    /// What was wrong, where, and what to do.
    package let message: String

    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    package var description: String { message }
}
