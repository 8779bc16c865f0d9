/// Why the broker did not accept a job.
public struct Rejection: Error, Sendable, Hashable, CustomStringConvertible {
    public enum Code: UInt8, Sendable, CaseIterable {
        case retryLater = 1
        case invalid, tooLarge, conflict, forbidden, unsupported
    }

    public var code: Code
    /// With `.retryLater`: how long to wait, in milliseconds.
    public var retryAfterMilliseconds: UInt32
    /// What was wrong, where, and what to do.
    public var message: String

    public init(_ code: Code, _ message: String, retryAfterMilliseconds: UInt32 = 0) {
        self.code = code
        self.message = message
        self.retryAfterMilliseconds = retryAfterMilliseconds
    }

    public var description: String { message }
}
