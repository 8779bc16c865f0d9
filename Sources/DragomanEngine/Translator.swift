public import Foundation
public import Inference

/// Translates text with one model; any number of tasks may call it at once, and their sentences share batches.
///
/// The output of a request never depends on what else is being translated: not on batches, threads or processor.
public final class Translator: Sendable {
    public struct Settings: Sendable, Equatable {
        public var precision = Precision.int8
        /// Processor cores to compute on; each runs its own batch.
        public var threads = 1
        /// How much one batch may hold, in tokens: source tokens being encoded plus live hypotheses.
        public var batchTokens = 2048

        public init() {}
    }

    /// The model that is part of Dragoman: a small English-French Transformer.
    public static var demoModel: URL { fatalError("stub") }

    public let description: ModelDescription

    /// Loads a model.
    ///
    /// - Parameter model: A Hugging Face Marian folder.
    /// - Throws: `ModelError` when a file is missing, damaged or unknown.
    public init(model: URL = Translator.demoModel, settings: Settings = Settings()) throws {
        fatalError("stub")
    }

    /// Translates one request.
    ///
    /// Cancelling the task takes its segments out of their batch before the next step.
    ///
    /// - Throws: `TranslationError` when the request cannot be served as it is; `CancellationError`.
    public func translate(_ request: TranslationRequest) async throws -> Translation {
        fatalError("stub")
    }

    /// Translates a text.
    public func translate(_ text: String, options: TranslationOptions = TranslationOptions()) async throws -> String {
        let translation = try await translate(TranslationRequest(.text(text), options: options))
        return translation.hypotheses.first?.text ?? ""
    }
}
