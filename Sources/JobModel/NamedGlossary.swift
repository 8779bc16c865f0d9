/// A glossary that a broker keeps for a tenant, by its name.
public struct NamedGlossary: Sendable, Hashable {
    /// 1 to 128 bytes.
    public var name: String
    /// 1 for the first of its name; one more for each that took its place.
    public var version: UInt64
    /// Between which languages its terms are; where it does not say, jobs of any languages may have it.
    public var languages: LanguageSelection
    /// Unix time in milliseconds.
    public var createdAt: UInt64
    public var termCount: Int
    /// Of all sources and targets.
    public var byteCount: Int
    /// nil in lists.
    public var glossary: Glossary?

    /// What is to be kept; the broker counts versions.
    public init(_ name: String, _ glossary: Glossary, languages: LanguageSelection = LanguageSelection()) {
        self.init(
            name, version: 0, languages: languages, createdAt: 0, termCount: glossary.entries.count,
            byteCount: glossary.byteCount)
        self.glossary = glossary
    }

    package init(
        _ name: String, version: UInt64, languages: LanguageSelection, createdAt: UInt64, termCount: Int, byteCount: Int
    ) {
        self.name = name
        self.version = version
        self.languages = languages
        self.createdAt = createdAt
        self.termCount = termCount
        self.byteCount = byteCount
    }

    /// Without its terms.
    package var summary: NamedGlossary {
        var summary = self
        summary.glossary = nil
        return summary
    }
}
