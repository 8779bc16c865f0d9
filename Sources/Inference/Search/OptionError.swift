/// A decoding option that cannot be served: out of range, or at odds with another or with the model.
public struct OptionError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The option, as the configuration and JSON spell it: `beam_size`.
    public let option: String
    /// What was wrong with it, and what it may be.
    public let reason: String

    public init(_ option: String, _ reason: String) {
        self.option = option
        self.reason = reason
    }

    public var description: String { "\(option): \(reason)" }
}
