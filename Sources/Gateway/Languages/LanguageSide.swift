internal import Languages

/// The languages that a model reads, or those that it writes.
struct LanguageSide: Sendable {
    /// Empty: any.
    let named: Set<LanguageTag>
    private let list: LanguageList

    /// - Parameter texts: Empty: any language.
    /// - Returns: nil when there are languages and none has a tag: a model's own making, which no client can name.
    init?(_ texts: [String]) {
        let tags = texts.compactMap { LanguageTag($0) }
        guard texts.isEmpty || !tags.isEmpty else { return nil }
        named = Set(tags)
        list = LanguageList(tags.map(\.description))
    }

    var isAny: Bool { named.isEmpty }

    /// The language that is nearest to what is asked for, and how far it is.
    func nearest(to requested: RequestedLanguage) -> (language: LanguageTag, distance: Int)? {
        // Any language is one that exists.
        guard !isAny || requested.isKnown, let found = list.nearest(to: requested) else { return nil }
        // People who ask for "pt" take what there is.
        guard let language = found.languages.min().flatMap({ LanguageTag($0) }) else { return nil }
        return (language, found.distance)
    }
}
