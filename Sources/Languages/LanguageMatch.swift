/// The languages between which a model translates, or which are asked for.
package struct LanguagePair: Sendable, Hashable, CustomStringConvertible {
    package let source: LanguageTag
    package let target: LanguageTag

    package init(source: LanguageTag, target: LanguageTag) {
        self.source = source
        self.target = target
    }

    /// - Returns: nil when one of the texts is not a language tag.
    package init?(source: String, target: String) {
        guard let source = LanguageTag(source), let target = LanguageTag(target) else { return nil }
        self.init(source: source, target: target)
    }

    package func distance(from requested: LanguagePair) -> Int? {
        guard let source = source.distance(from: requested.source), let target = target.distance(from: requested.target)
        else { return nil }
        return source + target
    }

    package var description: String { "\(source) to \(target)" }
}

/// What there is for a language, or a pair of languages, that is asked for.
package enum LanguageMatch<Language: Sendable & Hashable>: Sendable, Hashable {
    case none
    case one(Language)
    /// None is nearer than the others, and they differ: `pt` is asked for, and `pt-BR` and `pt-PT` are there.
    case several([Language])

    /// Chooses the nearest.
    init(_ offered: some Sequence<Language>, distance: (Language) -> Int?) {
        var best: [Language] = []
        var least = Int.max
        for language in offered {
            guard let distance = distance(language), distance <= least, distance < least || !best.contains(language)
            else { continue }
            best = distance < least ? [language] : best + [language]
            least = distance
        }
        self = best.isEmpty ? .none : best.count == 1 ? .one(best[0]) : .several(best)
    }
}

extension LanguageMatch where Language == LanguageTag {
    package init(for requested: LanguageTag, among offered: some Sequence<LanguageTag>) {
        self.init(offered) { $0.distance(from: requested) }
    }
}

extension LanguageMatch where Language == LanguagePair {
    package init(for requested: LanguagePair, among offered: some Sequence<LanguagePair>) {
        self.init(offered) { $0.distance(from: requested) }
    }
}
