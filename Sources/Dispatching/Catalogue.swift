package import JobModel

/// The models that workers have said to have, now or before: what a job may be for.
package struct Catalogue: Sendable {
    /// By name.
    package private(set) var offers: [ModelOffer] = []
    private var indices: [String: Int] = [:]
    /// Of each model by index: the index is what the queue and the workers call it.
    private(set) var names: [String] = []

    /// What keeps the list, which is durable, from growing without an end.
    package static let offersMaximum = 1000

    package init() {}

    /// - Returns: whether it is new, or says something new of its languages.
    package mutating func add(_ offer: ModelOffer) -> Bool {
        let position = offers.firstIndex { $0.name >= offer.name } ?? offers.count
        if position < offers.count, offers[position].name == offer.name {
            guard offers[position] != offer else { return false }
            offers[position] = offer
            return true
        }
        guard offers.count < Self.offersMaximum else { return false }
        offers.insert(offer, at: position)
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
        case .languages(let source, let target):
            guard let offer = offers.first(where: { $0.sourceLanguage == source && $0.targetLanguage == target })
            else {
                return .failure(
                    Rejection(
                        .unsupported, "no worker has a model from \(source) to \(target); there are \(known)"))
            }
            return .success(offer.name)
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
