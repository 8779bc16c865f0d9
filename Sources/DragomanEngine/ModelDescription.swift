public import Foundation
public import Inference

/// What `dragoman model inspect` shows: a model's shape, languages and sizes.
public struct ModelDescription: Sendable, Equatable {
    public var directory: URL
    public var configuration: ModelConfiguration
    public var defaults: GenerationDefaults
    public var parameterCount: Int
    public var sourceLanguage: String?
    public var targetLanguage: String?
    /// The number format of the weights' file: `float16`.
    public var storedPrecision: String
    /// The size of the weights' file, in bytes.
    public var storedBytes: Int
    public var hasTokenizer: Bool

    /// Reads a folder's description without loading its weights.
    public init(model: URL) throws {
        fatalError("stub")
    }

    /// The memory that the weights take when loaded, in bytes, the parts that stay in the mapped file not counted.
    public func weightBytes(_ precision: Precision) -> Int {
        fatalError("stub")
    }
}
