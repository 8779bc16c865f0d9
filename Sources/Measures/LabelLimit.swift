/// Who has numbers of their own. Each value of a label costs memory where the numbers are kept, so that there may only be
/// so many; all others share one.
package struct LabelLimit: Sendable {
    /// What the others are called together.
    package static let other = "other"

    private let names: Set<String>

    /// - Parameter names: Those that come first have their own.
    package init(_ names: some Sequence<String>, most: Int = 100) { self.names = Set(names.prefix(most)) }

    package func label(of name: String) -> String { names.contains(name) ? name : Self.other }
}
