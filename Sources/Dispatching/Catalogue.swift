package import JobModel
import Languages

/// The models that workers offer, or have offered: what a job may be for.
///
/// An offer outlives its workers, so that jobs can be queued for a model while none of them runs. It is forgotten when
/// neither a worker has offered it nor a job needed it for as long as the settings say, and sooner when its place is
/// wanted.
package struct Catalogue: Sendable {
    struct Entry: Sendable {
        /// What all its workers offer together.
        var offer: ModelOffer { didSet { languages = OfferedLanguages(offer) } }
        private(set) var languages: OfferedLanguages
        /// What the queue and the workers call it.
        let model: Int
        /// Whose worker was the first to offer it; nil: known from before the broker's start.
        let tenant: Int?
        var seen: Sighting

        init(_ offer: ModelOffer, model: Int, tenant: Int?, seen: Sighting) {
            self.offer = offer
            self.model = model
            self.tenant = tenant
            self.seen = seen
            languages = OfferedLanguages(offer)
        }
    }

    /// What an offer led to.
    package struct Addition: Sendable, Equatable {
        var model: Int
        /// It is new, or says something new of its languages.
        package var isNews: Bool
        /// The model that had to go for it.
        var evicted: String?
    }

    /// By name.
    private(set) var entries: [Entry] = []
    /// Of each model by index; of indices that are free, the last that had it.
    private(set) var names: [String] = []
    private var indices: [String: Int] = [:]
    private var freeIndices: [Int] = []

    /// What keeps the list, which is durable, from growing without an end.
    static let offersMaximum = 1000
    /// The most that one worker may offer.
    static let offersPerWorkerMaximum = 256
    /// The most that all workers of one tenant may offer, so that no key takes every place.
    static let offersPerTenantMaximum = 900
    /// The most languages that one worker may list, of all its models.
    static let languagesPerWorkerMaximum = 10_000
    /// The most that all offers may list.
    static let languagesMaximum = 100_000

    package init() {}

    package var offers: [ModelOffer] { entries.map(\.offer) }

    private var languageCount: Int { entries.reduce(0) { $0 + $1.offer.languageCount } }

    func find(_ name: String) -> Int? { indices[name] }

    /// Whether there may be many indices of models that are gone.
    var hasManyIndices: Bool { indices.count > 4 * Self.offersMaximum }

    func entry(of name: String) -> Entry? {
        let position = position(of: name)
        return position < entries.count && entries[position].offer.name == name ? entries[position] : nil
    }

    mutating func index(of name: String) -> Int {
        if let index = indices[name] { return index }
        let index = freeIndices.popLast() ?? names.count
        if index == names.count { names.append(name) } else { names[index] = name }
        indices[name] = index
        return index
    }

    /// An offer that the store has.
    mutating func restore(_ offer: ModelOffer, seen: Sighting) { insert(offer.canonical, by: nil, seen: seen) }

    /// Adds an offer, with its languages as everyone else writes them.
    ///
    /// - Parameter others: What other workers offer of a model, by its index.
    /// - Returns: nil when no place is left for it.
    package mutating func add(
        _ offer: ModelOffer, by tenant: Int, at age: UInt64, others: (Int) -> [ModelOffer] = { _ in [] },
        isInUse: (Int) -> Bool
    ) -> Addition? {
        let offer = offer.canonical
        let position = position(of: offer.name)
        if position < entries.count, entries[position].offer.name == offer.name {
            entries[position].seen.at = age
            let model = entries[position].model
            if entries[position].offer == offer { return Addition(model: model, isNews: false) }
            let all = offer.united(with: others(model))
            guard languageCount - entries[position].offer.languageCount + all.languageCount <= Self.languagesMaximum
            else { return nil }
            let isNews = entries[position].offer != all
            if isNews { entries[position].offer = all }
            return Addition(model: model, isNews: isNews)
        }
        guard languageCount + offer.languageCount <= Self.languagesMaximum else { return nil }
        var evicted: String?
        let own = entries.count { $0.tenant == tenant }
        if own >= Self.offersPerTenantMaximum || entries.count >= Self.offersMaximum {
            let unused = entries.filter { !isInUse($0.model) }.sorted { $0.seen.at < $1.seen.at }
            let candidate = unused.first { $0.tenant == tenant }
            evicted = (own >= Self.offersPerTenantMaximum ? candidate : candidate ?? unused.first)?.offer.name
            guard let evicted else { return nil }
            forget(evicted)
        }
        let model = insert(offer, by: tenant, seen: Sighting(at: age))
        return Addition(model: model, isNews: true, evicted: evicted)
    }

    mutating func forget(_ name: String) { entries.removeAll { $0.offer.name == name } }

    /// Notes which models are in use.
    mutating func see(at age: UInt64, isInUse: (Int) -> Bool) {
        for index in entries.indices where isInUse(entries[index].model) { entries[index].seen.at = age }
    }

    /// The store has been told when these were seen.
    mutating func noted(_ names: [String], at age: UInt64) {
        let names = Set(names)
        for index in entries.indices where names.contains(entries[index].offer.name) { entries[index].seen.noted = age }
    }

    /// Frees the indices of models that are gone.
    ///
    /// - Parameter isHeld: Whether something other than an offer has the index.
    /// - Returns: those that are free now, and were not before.
    mutating func freeIndices(unless isHeld: (Int) -> Bool) -> [Int] {
        let offered = Set(entries.map(\.model))
        let gone = indices.values.filter { !offered.contains($0) && !isHeld($0) }.sorted()
        for index in gone { indices[names[index]] = nil }
        freeIndices += gone
        return gone
    }

    @discardableResult
    private mutating func insert(_ offer: ModelOffer, by tenant: Int?, seen: Sighting) -> Int {
        let model = index(of: offer.name)
        entries.insert(Entry(offer, model: model, tenant: tenant, seen: seen), at: position(of: offer.name))
        return model
    }

    /// Where the model is, or would be.
    private func position(of name: String) -> Int {
        var range = 0..<entries.count
        while let middle = range.isEmpty ? nil : (range.lowerBound + range.upperBound) / 2 {
            range = entries[middle].offer.name < name ? middle + 1..<range.upperBound : range.lowerBound..<middle
        }
        return range.lowerBound
    }
}

extension Catalogue {
    /// The name that a job's selection stands for: what workers offer now goes before what is only remembered, so that a
    /// model that was renamed or removed does not stand beside its successor.
    ///
    /// - Parameter standard: The model of jobs that name neither a model nor languages, if the operator has set one.
    package func resolve(
        _ selection: ModelSelection, standard: String?, retryAfter: UInt32, isOffered: (Int) -> Bool
    ) -> Result<String, Rejection> {
        func later(_ message: String) -> Result<String, Rejection> {
            .failure(Rejection(.retryLater, message, retryAfterMilliseconds: retryAfter))
        }
        guard !entries.isEmpty else {
            return later("no worker has said yet which models it has; try again when one has started")
        }
        switch selection {
        case .onlyOne:
            if let standard {
                guard entry(of: standard) != nil else {
                    return .failure(
                        Rejection(
                            .unsupported,
                            "the job names no model, and no worker has the default model \(standard) "
                                + "(broker.default_model); there are \(list(entries))"))
                }
                return .success(standard)
            }
            let offered = entries.filter { isOffered($0.model) }
            if offered.count == 1 { return .success(offered[0].offer.name) }
            if offered.isEmpty && entries.count == 1 { return .success(entries[0].offer.name) }
            guard !offered.isEmpty else {
                return later(
                    "the job names no model, several are remembered, and no worker says which it has; name one of "
                        + "\(list(entries)), or try again when a worker has started")
            }
            return .failure(
                Rejection(
                    .invalid,
                    "the job names no model, and there are several: name one of \(list(offered)); or the operator sets "
                        + "broker.default_model"))
        case .named(let name):
            guard entry(of: name) != nil else {
                return .failure(Rejection(.unsupported, "no worker has the model \(name); there are \(list(entries))"))
            }
            return .success(name)
        case .languages(let source, let target):
            let languages = LanguageSelection(source: source, target: target)
            let offered = entries.filter { isOffered($0.model) }
            return resolve(languages, among: offered) ?? resolve(languages, among: entries)
                ?? .failure(
                    Self.notTag(in: languages)
                        ?? Rejection(
                            .unsupported,
                            "no worker has a model from \(source) to \(target); there are \(list(entries))"))
        case .model(let name, let languages):
            guard let entry = entry(of: name) else {
                return .failure(Rejection(.unsupported, "no worker has the model \(name); there are \(list(entries))"))
            }
            guard entry.languages.areKnown else {
                return .failure(
                    Rejection(
                        .invalid,
                        "no worker says between which languages the model \(name) translates; leave the languages out"))
            }
            return resolve(languages, among: [entry])
                ?? .failure(
                    Self.notTag(in: languages)
                        ?? Rejection(
                            .unsupported,
                            "the model \(name) does not translate from \(languages.source ?? "any language") to "
                                + "\(languages.target ?? "any language"); it translates \(entry.offer.allLanguages)"))
        }
    }

    /// The first model by name of those whose languages are nearest to those that are asked for; nil: there is none.
    private func resolve(_ languages: LanguageSelection, among entries: [Entry]) -> Result<String, Rejection>? {
        let request = OfferedLanguages.Request(languages)
        let all = entries.compactMap { entry in
            entry.languages.nearest(to: request).map {
                (name: entry.offer.name, pairs: $0.matches, distance: $0.distance)
            }
        }
        guard let least = all.map(\.distance).min() else { return nil }
        let nearest = all.filter { $0.distance == least }
        guard Set(nearest.flatMap(\.pairs)).count > 1 else { return .success(nearest[0].name) }
        let list = nearest.flatMap { model in model.pairs.map { "\(model.name) (\($0))" } }
        return .failure(
            Rejection(
                .invalid,
                """
                several translate from \(languages.source ?? "any language") to \(languages.target ?? "any language"): \
                \(list.prefix(10).joined(separator: ", ")); give the languages their regions, or name a model
                """))
    }

    private static func notTag(in languages: LanguageSelection) -> Rejection? {
        [languages.source, languages.target].compactMap(\.self).first { LanguageTag(LanguageTag.bare($0)) == nil }.map {
            Rejection(.invalid, "\"\($0)\" is not a language; write \(LanguageTag.form)")
        }
    }

    private func list(_ entries: [Entry]) -> String {
        let shown = entries.prefix(10).map(\.offer).map { offer in
            offer.sets.isEmpty ? offer.name : "\(offer.name) (\(LanguageSet.text(offer.sets, between: " to ")))"
        }
        return shown.joined(separator: ", ") + (entries.count > shown.count ? " and others" : "")
    }
}

extension ModelOffer {
    /// Every language by its name.
    fileprivate var allLanguages: String {
        func text(_ languages: [String]) -> String {
            languages.isEmpty ? "any language" : languages.joined(separator: ", ")
        }
        return sets.map { set in
            set.source == set.target
                ? "between any of \(text(set.source))" : "from \(text(set.source)) to \(text(set.target))"
        }.joined(separator: "; ")
    }
}
