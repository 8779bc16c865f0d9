/// One line of input, or a whole input that is taken as one.
package struct Line: Sendable, Equatable {
    /// Counted from 1, in each file anew.
    package var number: Int
    /// The file that the line is from; nil: the command has one input, and needs no name for it.
    package var file: String?
    /// Without the line's end.
    package var content: [UInt8]
    package var ending: Ending
    /// The line is longer than the reader holds; `content` is empty.
    package var isTooLong: Bool

    package init(number: Int, file: String? = nil, content: [UInt8], ending: Ending, isTooLong: Bool = false) {
        self.number = number
        self.file = file
        self.content = content
        self.ending = ending
        self.isTooLong = isTooLong
    }

    /// What messages call the line, or one that follows it: `jobs.jsonl:3`, `line 3`.
    func place(linesBefore: Int = 0) -> String {
        let number = number + linesBefore
        return file.map { "\($0):\(number)" } ?? "line \(number)"
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
