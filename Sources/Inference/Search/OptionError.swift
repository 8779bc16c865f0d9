import Translations

/// A decoding option that cannot be served: out of range, or at odds with another or with the model.
package struct OptionError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The option, as the configuration and JSON spell it: `beam_size`.
    package let option: String
    /// What was wrong with it, and what it may be.
    package let reason: String

    init(_ problem: OptionProblem) { self.init(problem.option.key, problem.reason) }

    package init(_ option: String, _ reason: String) {
        self.option = option
        self.reason = reason
    }

    package var description: String { "\(option): \(reason)" }
}
