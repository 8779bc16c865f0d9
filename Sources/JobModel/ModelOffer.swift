/// A model that a worker has, or can load.
public struct ModelOffer: Sendable, Hashable {
    public var name: String
    /// As the model's files say; empty when they do not.
    public var sourceLanguage: String
    public var targetLanguage: String

    public init(name: String, sourceLanguage: String = "", targetLanguage: String = "") {
        self.name = name
        self.sourceLanguage = sourceLanguage
        self.targetLanguage = targetLanguage
    }
}
