/// Who has numbers of their own. Each value of a label costs memory where the numbers are kept, so that there may only be
/// so many; all others share one.
package struct LabelLimit: Sendable {
    /// What the others are called together.
    package static let other = "other"

    /// How many have numbers of their own, unless it is said otherwise.
    package static let most = 100

    private let names: Set<String>

    /// - Parameter names: Those that come first have their own.
    package init(_ names: some Sequence<String>, most: Int = Self.most) { self.names = Set(names.prefix(most)) }

    package func label(of name: String) -> String { names.contains(name) ? name : Self.other }
}
