/// Why a chunk or a job failed.
public struct Failure: Error, Sendable, Hashable, CustomStringConvertible {
    /// A word for programs; open.
    public var code: String
    /// For people: what was wrong, where, and what to do. Never contains a source text.
    public var message: String

    public init(_ code: String, _ message: String) {
        self.code = code
        self.message = message
    }

    public var description: String { message }
}

extension Failure {
    /// The code of a chunk that a worker could not begin, because it cannot load the model. It is no fault of the chunk's.
    package static let modelUnavailable = "model_unavailable"
}
