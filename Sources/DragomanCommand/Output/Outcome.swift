/// What one request leaves behind: what goes to the output, and what is said about it.
package struct Outcome: Sendable, Equatable {
    package var output: [UInt8]
    /// For standard error, a line each.
    package var messages: [String]
    package var hasFailed: Bool
    /// Target tokens of the best hypothesis, for the progress line.
    package var tokenCount: Int

    package init(output: [UInt8], messages: [String] = [], hasFailed: Bool = false, tokenCount: Int = 0) {
        self.output = output
        self.messages = messages
        self.hasFailed = hasFailed
        self.tokenCount = tokenCount
    }
}
