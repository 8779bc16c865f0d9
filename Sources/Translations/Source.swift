/// What is to be translated.
public enum Source: Sendable, Hashable {
    /// A sentence or a whole document: it is cut into sentences, and its line breaks and blank lines are kept.
    case text(String)
    /// The model's own tokens, without an end token: one segment, as it is.
    case tokens([String])

    /// The size that quotas count, in bytes of UTF-8.
    public var byteCount: Int {
        switch self {
        case .text(let text): text.utf8.count
        case .tokens(let tokens): tokens.reduce(0) { $0 + $1.utf8.count + 1 }
        }
    }
}
