/// Which model a job is for.
public enum ModelSelection: Sendable, Hashable {
    /// The only one there is.
    case onlyOne
    case named(String)
    /// The first by name of those that translate between the two languages.
    case languages(source: String, target: String)
    /// A model by its name, and between which of its languages.
    case model(String, LanguageSelection)

    /// - Returns: nil when only one language is given, and no model.
    package init?(model: String?, languages: LanguageSelection) {
        switch (model, languages.source, languages.target) {
        case (nil, nil, nil): self = .onlyOne
        case (nil, let source?, let target?): self = .languages(source: source, target: target)
        case (nil, _, _): return nil
        case (let model?, nil, nil): self = .named(model)
        case (let model?, _, _): self = .model(model, languages)
        }
    }

    /// nil: none is named.
    package var name: String? {
        switch self {
        case .onlyOne, .languages: nil
        case .named(let name), .model(let name, _): name
        }
    }

    package var languages: LanguageSelection {
        switch self {
        case .onlyOne, .named: LanguageSelection()
        case .languages(let source, let target): LanguageSelection(source: source, target: target)
        case .model(_, let languages): languages
        }
    }
}
