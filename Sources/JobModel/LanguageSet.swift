/// Languages between which a model translates: from each of `source` into each of `target`.
public struct LanguageSet: Sendable, Hashable {
    /// Empty: any language.
    public var source: [String]
    public var target: [String]

    public init(source: [String], target: [String]) {
        self.source = source
        self.target = target
    }

    /// The only pair; nil: there are several.
    package var pair: (source: String, target: String)? {
        source.count == 1 && target.count == 1 ? (source[0], target[0]) : nil
    }
}

extension LanguageSet {
    /// What is shown of a side that is longer than this is how long it is.
    private static let shownMaximum = 3
    /// Of a model, more sets than this are not shown.
    private static let setsMaximum = 3

    /// For people, in a few words: `en to fr`, `en to de, fr, ro`, `all pairs of 202 languages`.
    ///
    /// - Parameter between: What stands between the sides.
    package func text(between: String) -> String {
        source == target && source.count > Self.shownMaximum
            ? "all pairs of \(source.count) languages" : Self.text(source) + between + Self.text(target)
    }

    /// The same of all that a model translates.
    package static func text(_ sets: [LanguageSet], between: String) -> String {
        sets.prefix(setsMaximum).map { $0.text(between: between) }.joined(separator: "; ")
            + (sets.count > setsMaximum ? "; and \(sets.count - setsMaximum) others" : "")
    }

    private static func text(_ languages: [String]) -> String {
        languages.isEmpty
            ? "any"
            : languages.count <= shownMaximum ? languages.joined(separator: ", ") : "\(languages.count) languages"
    }
}
