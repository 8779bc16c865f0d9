/// Between which languages a job is to be translated, as its producer writes them; nil where it does not say.
public struct LanguageSelection: Sendable, Hashable {
    public var source: String?
    public var target: String?

    public init(source: String? = nil, target: String? = nil) {
        self.source = source
        self.target = target
    }

    public var isEmpty: Bool { source == nil && target == nil }
}
