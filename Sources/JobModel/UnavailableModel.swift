/// A model that a worker is to have and cannot load.
public struct UnavailableModel: Sendable, Hashable {
    public var name: String
    /// For operators: it may name files of the worker's host.
    public var reason: String

    public init(name: String, reason: String) {
        self.name = name
        self.reason = reason
    }
}
