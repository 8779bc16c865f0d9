public import Foundation
public import Inference
import ModelFormats

/// What `dragoman model inspect` shows: a model's shape, languages and sizes.
public struct ModelDescription: Sendable, Equatable {
    public var directory: URL
    public var configuration: ModelConfiguration
    public var defaults: GenerationDefaults
    public var parameterCount: Int
    /// Between which languages it translates, and how the model names them.
    public var languages: ModelLanguages
    /// The number format of the weights' file: `float16`.
    public var storedPrecision: String
    /// The size of the weights' file, in bytes.
    public var storedBytes: Int
    /// Whether the model translates text; if not, it takes and gives tokens.
    public var hasTokenizer: Bool

    /// Reads a folder's description without loading its weights.
    ///
    /// - Parameter usesShortlist: Whether the folder must have a lexical shortlist, as `Translator.Settings` may ask.
    /// - Throws: `ModelError` when a file is missing, damaged or unknown.
    public init(model: URL, usesShortlist: Bool = false) throws {
        self.init(try ModelBundle.load(model, usesShortlist: usesShortlist), directory: model)
    }

    init(_ bundle: ModelBundle, directory: URL) {
        self.directory = directory
        configuration = bundle.configuration
        defaults = bundle.defaults
        parameterCount = bundle.parameterCount
        languages = bundle.languages
        storedPrecision = bundle.storedPrecision
        storedBytes = bundle.storedBytes
        hasTokenizer = bundle.tokenizer.hasPieces
    }

    /// The one language of a side, in BCP 47, whatever code the files use: `en` where they say `eng` or `eng_Latn`. nil
    /// where they say nothing, or name several.
    public var sourceLanguage: String? { languages.onlySource }
    public var targetLanguage: String? { languages.onlyTarget }

    /// The memory that packed weights take, in bytes. Embeddings are not among them: they stay in the mapped file.
    public func weightBytes(_ precision: Precision) -> Int {
        Transformer.packedBytes(configuration, precision: precision)
    }
}
