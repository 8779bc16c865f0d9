public import Foundation
package import Inference

/// Everything that a folder says about a model: what it is, how it is searched, its weights and its tokenizer's files.
package struct ModelBundle: Sendable {
    package var configuration: ModelConfiguration
    package var defaults: GenerationDefaults
    package var weights: any TensorSource
    /// The number format the weights are stored in, for people: `float16`.
    package var storedPrecision: String
    /// The size of the weights' file, in bytes.
    package var storedBytes: Int
    package var parameterCount: Int
    package var tokenizer: TokenizerFiles
    /// The languages, when the files name them, as they name them: `eng`, `fra`.
    package var sourceLanguage: String?
    package var targetLanguage: String?

    /// A tokenizer's parts, as a Marian folder has them.
    package struct TokenizerFiles: Sendable {
        /// `source.spm`, `target.spm`: absent in models that are only given tokens.
        package var sourcePieces: URL?
        package var targetPieces: URL?
        /// Piece to id.
        package var sourceVocabulary: [String: Int]
        package var targetVocabulary: [String: Int]
    }
}
