import JobModel
import Languages

extension ModelOffer {
    /// The most that an offer may list.
    static let setsMaximum = Limit.languageSets
    static let languagesMaximum = Limit.languages

    /// How many it lists.
    var languageCount: Int { Self.count(languages) }

    private static func count(_ sets: [LanguageSet]) -> Int {
        sets.reduce(0) { $0 + $1.source.count + $1.target.count }
    }

    /// The offer with its languages as everyone writes them.
    var canonical: ModelOffer {
        if languages.isEmpty {
            return ModelOffer(
                name: name, sourceLanguage: LanguageTag.canonical(sourceLanguage),
                targetLanguage: LanguageTag.canonical(targetLanguage))
        }
        return ModelOffer(
            name: name,
            sets: Self.sorted(
                languages.map { LanguageSet(source: Self.canonical($0.source), target: Self.canonical($0.target)) }))
    }

    /// What a model translates that has been offered in several ways: by workers of which each has some of its languages.
    func united(with others: some Sequence<ModelOffer>) -> ModelOffer {
        var sets = sets
        var count = Self.count(sets)
        for set in others.lazy.flatMap(\.sets) where sets.count < Self.setsMaximum && !sets.contains(set) {
            count += Self.count([set])
            if count > Self.languagesMaximum { break }
            sets.append(set)
        }
        return sets.isEmpty ? self : ModelOffer(name: name, sets: Self.sorted(sets))
    }

    /// In a fixed order, whichever worker offered them first, and each once.
    private static func sorted(_ sets: [LanguageSet]) -> [LanguageSet] {
        Set(sets).sorted {
            $0.source == $1.source
                ? $0.target.lexicographicallyPrecedes($1.target) : $0.source.lexicographicallyPrecedes($1.source)
        }
    }

    private static func canonical(_ texts: [String]) -> [String] {
        var seen: Set<String> = []
        return texts.map { LanguageTag.canonical($0) }.filter { seen.insert($0).inserted }
    }
}
