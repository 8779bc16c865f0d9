/// One line of input, or a whole input that is taken as one.
package struct Line: Sendable, Equatable {
    /// Counted from 1.
    package var number: Int
    /// Without the line's end.
    package var content: [UInt8]
    package var ending: Ending
    /// The line is longer than the reader holds; `content` is empty.
    package var isTooLong: Bool

    package init(number: Int, content: [UInt8], ending: Ending, isTooLong: Bool = false) {
        self.number = number
        self.content = content
        self.ending = ending
        self.isTooLong = isTooLong
    }

    package enum Ending: String, Sendable {
        case newline = "\n"
        case carriageReturnNewline = "\r\n"
        /// The input ended.
        case none = ""

        /// What follows the output of the line: the same, but that output always ends with a line end.
        package var forOutput: String { self == .none ? "\n" : rawValue }
    }
}
