package import JobModel
package import Languages

/// The models at hand: from which languages into which they translate, directly or through English.
package struct ModelMap: Sendable {
    /// A model that a text goes through, and between which of its languages.
    package struct Leg: Sendable, Hashable {
        package let model: String
        package let pair: LanguagePair
        /// What a job says for it. The name of a model of one pair is enough, and workers of every release know it.
        package let selection: ModelSelection
    }

    /// A model translates from each language of one side into each of the other.
    private struct Offer {
        let model: String
        let source: LanguageSide
        let target: LanguageSide
        /// Whether the model has other pairs.
        let isOneOfSeveral: Bool
    }

    /// By name of the model.
    private let offers: [Offer]

    /// Every language that a model names, by its tag.
    package let languages: [LanguageTag]
    /// The languages that models read. What reads any language is taken to read all that are named.
    package let sources: [LanguageTag]
    /// The languages that models write.
    package let targets: [LanguageTag]

    /// - Parameter models: What a broker knows; those that no worker offers, and those that do not say their languages,
    ///   are left out.
    package init(_ models: [StatusReport.ModelStatus]) {
        offers = models.filter { $0.workers > 0 }.sorted { $0.name < $1.name }.flatMap(Self.offers)
        let sources = offers.reduce(into: Set<LanguageTag>()) { $0.formUnion($1.source.named) }
        let targets = offers.reduce(into: Set<LanguageTag>()) { $0.formUnion($1.target.named) }
        languages = Self.sorted(sources.union(targets))
        self.sources = offers.contains(where: \.source.isAny) ? languages : Self.sorted(sources)
        self.targets = Self.sorted(targets)
    }

    private static func offers(of model: StatusReport.ModelStatus) -> [Offer] {
        let sets = ModelOffer(
            name: model.name, sourceLanguage: model.sourceLanguage, targetLanguage: model.targetLanguage,
            languages: model.languages
        ).sets
        return sets.compactMap { set in
            guard let source = LanguageSide(set.source), let target = LanguageSide(set.target) else { return nil }
            return Offer(
                model: model.name, source: source, target: target,
                isOneOfSeveral: sets.count > 1 || set.pair == nil)
        }
    }

    /// Whether there is nothing to translate with.
    package var isEmpty: Bool { offers.isEmpty }

    /// What a text goes through when no model does it alone.
    private static let pivot = LanguageTag("en")

    /// The models that a text goes through, in order; none when it is in the target language already.
    ///
    /// - Throws: `.unknownLanguage`, `.noModel`.
    package func route(from source: LanguageTag, to target: LanguageTag) throws(GatewayError) -> [Leg] {
        if source == target { return [] }
        if let leg = leg(from: source, to: target) { return [leg] }
        if let pivot = Self.pivot, let first = leg(from: source, to: pivot), let second = leg(from: pivot, to: target) {
            return [first, second]
        }
        for language in [source, target] where !knows(language) { throw Self.unknown(language.description) }
        throw GatewayError(
            .noModel,
            "\(LanguageNames.name(of: target)) (\(target)) is not available as a target language from "
                + "\(LanguageNames.name(of: source)) (\(source))")
    }

    /// - Throws: `.unknownLanguage` when the text is not a language tag.
    package func language(_ text: String) throws(GatewayError) -> LanguageTag {
        guard let tag = LanguageTag(text) else { throw Self.unknown(text) }
        return tag
    }

    private static func unknown(_ language: String) -> GatewayError {
        GatewayError(.unknownLanguage, "\(language) is not supported")
    }

    /// The pair that is nearest to what is asked for, and the first model by name that has it.
    private func leg(from source: LanguageTag, to target: LanguageTag) -> Leg? {
        let (source, target) = (RequestedLanguage(source.description), RequestedLanguage(target.description))
        var best: (offer: Offer, pair: LanguagePair, distance: Int)?
        for offer in offers {
            guard let source = offer.source.nearest(to: source), let target = offer.target.nearest(to: target) else {
                continue
            }
            let pair = LanguagePair(source: source.language, target: target.language)
            let distance = source.distance + target.distance
            if let best, (best.distance, best.pair.description) <= (distance, pair.description) { continue }
            best = (offer, pair, distance)
        }
        return best.map { best in
            let languages = LanguageSelection(
                source: best.pair.source.description, target: best.pair.target.description)
            return Leg(
                model: best.offer.model, pair: best.pair,
                selection: best.offer.isOneOfSeveral
                    ? .model(best.offer.model, languages) : .named(best.offer.model))
        }
    }

    private func knows(_ language: LanguageTag) -> Bool {
        let language = RequestedLanguage(language.description)
        return offers.contains { $0.source.nearest(to: language) != nil || $0.target.nearest(to: language) != nil }
    }

    /// What a language can be translated into, itself included, as it stays as it is.
    package func targets(of source: LanguageTag) -> [LanguageTag] {
        var targets = direct(from: source).union([source])
        if let pivot = Self.pivot, let first = leg(from: source, to: pivot) {
            targets.formUnion(direct(from: first.pair.target))
        }
        return languages.filter(targets.contains)
    }

    private func direct(from source: LanguageTag) -> Set<LanguageTag> {
        offers.reduce(into: []) { targets, offer in
            if offer.source.isAny || offer.source.named.contains(source) { targets.formUnion(offer.target.named) }
        }
    }

    private static func sorted(_ languages: Set<LanguageTag>) -> [LanguageTag] {
        languages.map { ($0.description, $0) }.sorted { $0.0 < $1.0 }.map(\.1)
    }
}
