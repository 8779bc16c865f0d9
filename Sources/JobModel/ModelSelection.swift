/// Which model a job is for.
public enum ModelSelection: Sendable, Hashable {
    /// The only one there is.
    case onlyOne
    case named(String)
    /// The first by name of those that translate between the two languages.
    case languages(source: String, target: String)
}
