/// A model that a worker has, or can load.
public struct ModelOffer: Sendable, Hashable {
    public var name: String
    /// The one language of a side, as the model's files say; empty when they do not, or name several.
    public var sourceLanguage: String
    public var targetLanguage: String
    /// Of a model of several languages, those between which it translates; empty: the two above are all there is to say.
    public var languages: [LanguageSet]

    public init(
        name: String, sourceLanguage: String = "", targetLanguage: String = "", languages: [LanguageSet] = []
    ) {
        self.name = name
        self.sourceLanguage = sourceLanguage
        self.targetLanguage = targetLanguage
        self.languages = languages
    }

    /// An offer of these languages: those of a side that has one are also said as older releases say them.
    package init(name: String, sets: [LanguageSet]) {
        func only(_ side: KeyPath<LanguageSet, [String]>) -> String {
            let all = Set(sets.map { $0[keyPath: side] })
            return all.count == 1 && all.first?.count == 1 ? all.first?.first ?? "" : ""
        }
        self.init(name: name, sourceLanguage: only(\.source), targetLanguage: only(\.target))
        if sets.count > 1 || sets.contains(where: { $0.pair == nil }) { languages = sets }
    }

    /// Between which languages it translates; empty: it does not say.
    package var sets: [LanguageSet] {
        if !languages.isEmpty { return languages }
        return sourceLanguage.isEmpty || targetLanguage.isEmpty
            ? [] : [LanguageSet(source: [sourceLanguage], target: [targetLanguage])]
    }
}
