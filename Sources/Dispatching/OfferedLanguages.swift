import JobModel
import Languages

/// Between which languages an offered model translates, in a form in which a job's are looked up.
struct OfferedLanguages: Sendable {
    private let sets: [(source: LanguageList, target: LanguageList)]

    /// A pair that fits; empty where a language was not asked for.
    struct Match: Sendable, Hashable, CustomStringConvertible {
        var source: String
        var target: String

        var description: String {
            source.isEmpty ? "to \(target)" : target.isEmpty ? "from \(source)" : "\(source) to \(target)"
        }
    }

    /// What a job names, read once.
    struct Request: Sendable {
        let source: RequestedLanguage?
        let target: RequestedLanguage?

        init(_ languages: LanguageSelection) {
            source = languages.source.map { RequestedLanguage($0) }
            target = languages.target.map { RequestedLanguage($0) }
        }

        /// In the one spelling of each language.
        var canonical: LanguageSelection { LanguageSelection(source: source?.canonical, target: target?.canonical) }
    }

    init(_ offer: ModelOffer) {
        sets = offer.sets.map { (LanguageList($0.source), LanguageList($0.target)) }
    }

    /// Whether the offer says which languages there are.
    var areKnown: Bool { !sets.isEmpty }

    /// The pairs that are as near to a job's as any is, and how far; none: nil.
    func nearest(to requested: Request) -> (matches: [Match], distance: Int)? {
        var nearest: (matches: [Match], distance: Int)?
        for set in sets {
            guard let source = Self.nearest(to: requested.source, in: set.source),
                let target = Self.nearest(to: requested.target, in: set.target)
            else { continue }
            let distance = source.distance + target.distance
            guard distance <= nearest?.distance ?? .max else { continue }
            let matches = source.languages.flatMap { source in
                target.languages.map { Match(source: source, target: $0) }
            }
            if let before = nearest, before.distance == distance {
                nearest?.matches += matches.filter { !before.matches.contains($0) }
            } else {
                nearest = (matches, distance)
            }
        }
        return nearest
    }

    private static func nearest(
        to requested: RequestedLanguage?, in list: LanguageList
    ) -> (languages: [String], distance: Int)? {
        requested.map { list.nearest(to: $0) } ?? ([""], 0)
    }
}
