/// Something about a store that its operator should know.
package struct StoreNotice: Sendable, Hashable {
    package enum Level: Sendable, Hashable { case notice, warning, error }

    package var level: Level
    package var message: String

    package init(_ level: Level, _ message: String) {
        self.level = level
        self.message = message
    }
}
