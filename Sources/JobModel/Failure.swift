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
