/// The tokens that the decoder is given: the start token, a forced first token, a prefix. They are computed in one
/// step, and so is a whole target that is only to be scored.
package struct Prompt {
    package let tokens: [Int32]
    private let forcesFirst: Bool

    package init(_ settings: SearchSettings) {
        let first = settings.forcedFirstToken.map { [$0] } ?? []
        tokens = [settings.startToken] + first + settings.prefix
        forcesFirst = !first.isEmpty
    }

    /// The number of tokens after the start token.
    package var length: Int { tokens.count - 1 }

    /// The score of the token after row `index`: its log-probability, or 0 for the forced first token.
    package func score(
        after index: Int, logits: UnsafePointer<Float>, scratch: SearchScratch
    ) -> Float {
        if index == 0 && forcesFirst { return 0 }
        return scratch.logProbability(of: tokens[index + 1], in: logits)
    }
}
