/// Why a text is not the markup that it should be.
package struct MarkupError: Error, Sendable, Equatable, CustomStringConvertible {
    /// Counted from 1; columns count bytes.
    package let line: Int
    package let column: Int
    package let problem: String

    init(_ problem: String, at place: Int, in bytes: [UInt8]) {
        let before = bytes[..<min(place, bytes.count)]
        line = 1 + before.count { $0 == .newline }
        column = 1 + before.count - (before.lastIndex(of: .newline).map { $0 + 1 } ?? 0)
        self.problem = problem
    }

    package var description: String { "line \(line), column \(column): \(problem)" }
}
