/// A language that is asked for, read once to be looked up in many lists.
package struct RequestedLanguage: Sendable {
    /// Without signs around it.
    fileprivate let text: String
    fileprivate let tag: LanguageTag?

    package init(_ text: String) {
        self.text = LanguageTag.bare(text)
        tag = LanguageTag(self.text)
    }

    /// The one spelling of it; of what is no tag, the text in lower case.
    package var canonical: String { tag?.description ?? text }

    /// Whether it is a language that has a name.
    package var isKnown: Bool { tag.map { LanguageTable.codes[$0.language] != nil } ?? false }
}

/// Languages that there are, in which the nearest to one that is asked for is looked up.
package struct LanguageList: Sendable {
    /// As they are written.
    private let all: [String]
    private let tags: [LanguageTag?]
    /// Where the languages of an ISO 639 code are.
    private let places: [String: [Int]]

    /// How far any language at all is from the one that is asked for: nearer than another region, and not as near as
    /// one that is there by its name.
    private static let anyDistance = 2

    /// - Parameter texts: Empty: any language.
    package init(_ texts: [String]) {
        all = texts
        tags = texts.map { LanguageTag($0) }
        var places: [String: [Int]] = [:]
        for (place, tag) in tags.enumerated() { if let tag { places[tag.language, default: []].append(place) } }
        self.places = places
    }

    /// - Returns: The languages that are as near as any is, and how far; none: nil.
    package func nearest(to requested: RequestedLanguage) -> (languages: [String], distance: Int)? {
        if all.isEmpty { return ([requested.canonical], Self.anyDistance) }
        guard let tag = requested.tag else {
            // A model's files may have a language of their own making.
            return all.first { $0.lowercased() == requested.text }.map { ([$0], 0) }
        }
        var least = Int.max
        var nearest: [String] = []
        for place in places[tag.language] ?? [] {
            guard let distance = tags[place]?.distance(from: tag), distance <= least else { continue }
            if distance < least { nearest = [] }
            least = distance
            if !nearest.contains(all[place]) { nearest.append(all[place]) }
        }
        return nearest.isEmpty ? nil : (nearest, least)
    }
}
