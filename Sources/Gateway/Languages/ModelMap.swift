package import JobModel
package import Languages

/// The models at hand: from which language into which they translate, directly or through English.
package struct ModelMap: Sendable, Hashable {
    package struct Offer: Sendable, Hashable {
        package let model: String
        package let pair: LanguagePair
    }

    /// By name of the model.
    package let offers: [Offer]

    /// - Parameter models: What a broker knows; those that no worker offers, and those that do not say their languages,
    ///   are left out.
    package init(_ models: [StatusReport.ModelStatus]) {
        offers = models.filter { $0.workers > 0 }.compactMap { model in
            LanguagePair(source: model.sourceLanguage, target: model.targetLanguage)
                .map { Offer(model: model.name, pair: $0) }
        }.sorted { $0.model < $1.model }
    }

    /// What a text goes through when no model does it alone.
    private static let pivot = LanguageTag("en")

    /// The models that a text goes through, in order; none when it is in the target language already.
    ///
    /// - Throws: `.unknownLanguage`, `.noModel`.
    package func route(from source: LanguageTag, to target: LanguageTag) throws(GatewayError) -> [Offer] {
        if source == target { return [] }
        if let offer = offer(from: source, to: target) { return [offer] }
        if let pivot = Self.pivot, let first = offer(from: source, to: pivot),
            let second = offer(from: pivot, to: target)
        {
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

    private func offer(from source: LanguageTag, to target: LanguageTag) -> Offer? {
        let requested = LanguagePair(source: source, target: target)
        let pair: LanguagePair
        switch LanguageMatch(for: requested, among: offers.map(\.pair)) {
        case .none: return nil
        case .one(let found): pair = found
        // People who ask for "pt" take what there is.
        case .several(let found): pair = found.min { $0.description < $1.description } ?? found[0]
        }
        return offers.first { $0.pair == pair }
    }

    private func knows(_ language: LanguageTag) -> Bool {
        LanguageMatch(for: language, among: languages) != .none
    }

    /// Every language that a model reads or writes, by its tag.
    package var languages: [LanguageTag] { Self.sorted(Set(sources + offers.map(\.pair.target))) }

    /// The languages that models read.
    package var sources: [LanguageTag] { Self.sorted(Set(offers.map(\.pair.source))) }

    /// What a language can be translated into, itself included, as it stays as it is.
    package func targets(of source: LanguageTag) -> [LanguageTag] {
        var targets = Set(offers.filter { $0.pair.source == source }.map(\.pair.target))
        if let pivot = Self.pivot, let first = offer(from: source, to: pivot) {
            targets.formUnion(offers.filter { $0.pair.source == first.pair.target }.map(\.pair.target))
        }
        return Self.sorted(targets.union([source]))
    }

    private static func sorted(_ languages: Set<LanguageTag>) -> [LanguageTag] {
        languages.sorted { $0.description < $1.description }
    }
}
