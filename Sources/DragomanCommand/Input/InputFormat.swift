import ArgumentParser

/// What the input is made of.
package enum InputFormat: String, Sendable, CaseIterable, ExpressibleByArgument {
    /// The whole input is one request.
    case text
    /// Every line is a request.
    case lines
    /// Every line is a request in the model's own tokens, separated by spaces or tabs.
    case tokens
    /// Every line is a JSON object: a request with options of its own.
    case jsonl
}
