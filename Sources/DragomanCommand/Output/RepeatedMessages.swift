/// Keeps one mistake in thousands of lines from being thousands of messages: the first of a kind is written, and the
/// others are counted.
///
/// Two messages are of one kind when they differ only in words that have a digit: places, ids and counts.
package struct RepeatedMessages: Sendable {
    private struct Kind: Sendable {
        let first: String
        var repetitions = 0
    }

    /// Bounds the memory. Messages of further kinds are all written.
    private static let kindsMaximum = 100

    private var kinds: [Kind] = []
    private var indices: [String: Int] = [:]

    package init() {}

    /// - Returns: Whether to write the message.
    package mutating func isNew(_ message: String) -> Bool {
        let pattern = Self.pattern(of: message)
        if let index = indices[pattern] {
            kinds[index].repetitions += 1
            return false
        }
        if kinds.count < Self.kindsMaximum {
            indices[pattern] = kinds.count
            kinds.append(Kind(first: message))
        }
        return true
    }

    /// A line for each kind that was repeated, in the order of their first messages.
    package var summary: [String] {
        kinds.filter { $0.repetitions > 0 }.map { "\(Quantity.grouped($0.repetitions)) more like \($0.first)" }
    }

    private static func pattern(of message: String) -> String {
        message.split(separator: " ").map { word in
            word.utf8.contains { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } ? "#" : word
        }.joined(separator: " ")
    }
}
