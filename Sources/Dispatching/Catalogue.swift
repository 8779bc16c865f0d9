package import JobModel
import Languages

/// The models that workers have said to have, now or before: what a job may be for.
package struct Catalogue: Sendable {
    /// By name.
    package private(set) var offers: [ModelOffer] = []
    private var indices: [String: Int] = [:]
    /// Of offers whose languages are tags, by the offers' names.
    private var pairs: [String: LanguagePair] = [:]
    /// Of each model by index: the index is what the queue and the workers call it.
    private(set) var names: [String] = []

    /// What keeps the list, which is durable, from growing without an end.
    package static let offersMaximum = 1000

    package init() {}

    /// Adds an offer, with its languages as everyone else writes them.
    ///
    /// - Returns: whether it is new, or says something new of its languages.
    package mutating func add(_ offer: ModelOffer) -> Bool {
        var offer = offer
        offer.sourceLanguage = LanguageTag.canonical(offer.sourceLanguage)
        offer.targetLanguage = LanguageTag.canonical(offer.targetLanguage)
        let position = offers.firstIndex { $0.name >= offer.name } ?? offers.count
        if position < offers.count, offers[position].name == offer.name {
            guard offers[position] != offer else { return false }
            offers[position] = offer
            pairs[offer.name] = LanguagePair(source: offer.sourceLanguage, target: offer.targetLanguage)
            return true
        }
        guard offers.count < Self.offersMaximum else { return false }
        offers.insert(offer, at: position)
        pairs[offer.name] = LanguagePair(source: offer.sourceLanguage, target: offer.targetLanguage)
        return true
    }

    package func contains(_ name: String) -> Bool { offers.contains { $0.name == name } }

    /// The name that a job's selection stands for.
    ///
    /// - Parameter standard: The model of jobs that name neither a model nor languages, if the operator has set one.
    package func resolve(
        _ selection: ModelSelection, standard: String? = nil, retryAfter: UInt32
    ) -> Result<String, Rejection> {
        guard !offers.isEmpty else {
            return .failure(
                Rejection(
                    .retryLater, "no worker has said yet which models it has; try again when one has started",
                    retryAfterMilliseconds: retryAfter))
        }
        switch selection {
        case .onlyOne:
            if let standard {
                guard contains(standard) else {
                    return .failure(
                        Rejection(
                            .unsupported,
                            "the job names no model, and no worker has the default model \(standard) "
                                + "(broker.default_model); there are \(known)"))
                }
                return .success(standard)
            }
            guard offers.count == 1 else {
                return .failure(
                    Rejection(
                        .invalid,
                        "the job names no model, and there are several: name one of \(known); or the operator sets "
                            + "broker.default_model"))
            }
            return .success(offers[0].name)
        case .named(let name):
            guard contains(name) else {
                return .failure(Rejection(.unsupported, "no worker has the model \(name); there are \(known)"))
            }
            return .success(name)
        case .languages(let source, let target): return resolve(from: source, to: target)
        }
    }

    /// The first model by name of those whose languages are nearest to those that are asked for.
    private func resolve(from source: String, to target: String) -> Result<String, Rejection> {
        let none = Rejection(.unsupported, "no worker has a model from \(source) to \(target); there are \(known)")
        guard let requested = LanguagePair(source: source, target: target) else {
            let text = LanguageTag(source) == nil ? source : target
            // A model's files may have a language of their own making.
            let named = offers.first { $0.sourceLanguage == source && $0.targetLanguage == target }
            return named.map { .success($0.name) }
                ?? .failure(Rejection(.invalid, "\"\(text)\" is not a language; write \(LanguageTag.form)"))
        }
        let offered = offers.compactMap { offer in pairs[offer.name].map { (name: offer.name, pair: $0) } }
        switch LanguageMatch(for: requested, among: offered.map(\.pair)) {
        case .none: return .failure(none)
        case .one(let pair): return offered.first { $0.pair == pair }.map { .success($0.name) } ?? .failure(none)
        case .several(let pairs):
            let models = offered.filter { pairs.contains($0.pair) }.map { "\($0.name) (\($0.pair))" }
            let list = models.prefix(10).joined(separator: ", ")
            return .failure(
                Rejection(
                    .invalid,
                    """
                    several models translate from \(source) to \(target): \(list); name one of them, or give the \
                    languages their regions
                    """))
        }
    }

    func find(_ name: String) -> Int? { indices[name] }

    mutating func index(of name: String) -> Int {
        if let index = indices[name] { return index }
        indices[name] = names.count
        names.append(name)
        return names.count - 1
    }

    private var known: String {
        let shown = offers.prefix(10).map { offer in
            offer.sourceLanguage.isEmpty && offer.targetLanguage.isEmpty
                ? offer.name : "\(offer.name) (\(offer.sourceLanguage) to \(offer.targetLanguage))"
        }
        return shown.joined(separator: ", ") + (offers.count > shown.count ? " and others" : "")
    }
}
