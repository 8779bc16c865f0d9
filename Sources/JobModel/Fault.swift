/// Why a request was refused as a whole.
public struct Fault: Error, Sendable, Hashable, CustomStringConvertible {
    public enum Code: UInt8, Sendable, CaseIterable {
        case malformed = 1
        case version, unexpected, forbidden, unknownPeer, replaced, unavailable, tooLarge, nameTaken
    }

    public var code: Code
    /// What was wrong, where, and what to do.
    public var message: String

    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    public var description: String { message }
}
