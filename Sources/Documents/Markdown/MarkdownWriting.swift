/// How a translation is written as Markdown: its codes as they were, and its text so that it is text.
struct MarkdownWriting: Sendable {
    let codes: [InlineText.Piece: [UInt8]]
    /// What is written between lines.
    let joint: [UInt8]
    /// The width of the paragraph's lines; nil: it is one line.
    let width: Int?
    let isCell: Bool

    func written(_ text: InlineText) -> [UInt8] {
        // Code is one word, whatever it is made of: 0 and its number stand for it while lines are wrapped.
        var words = ""
        var marks: [[UInt8]] = []
        for piece in text.pieces {
            if case .text(let text) = piece {
                words += escaped(text.replacing("\0", with: ""))
            } else {
                words.unicodeScalars.append("\0")
                marks.append(codes[piece] ?? [])
            }
        }
        var result: [UInt8] = []
        var next = 0
        for (index, line) in wrapped(protected(words), marks).enumerated() {
            if index > 0 { result += joint }
            for byte in line.utf8 {
                guard byte == 0 else {
                    result.append(byte)
                    continue
                }
                result += marks[next]
                next += 1
            }
        }
        return result
    }

    private func wrapped(_ text: String, _ marks: [[UInt8]]) -> [String] {
        let text = text.replacing("\r\n", with: " ").replacing("\n", with: " ")
        guard let width else { return [text] }
        var lines: [String] = []
        var line = "", lineWidth = 0, isFirst = true
        var marks = marks[...]
        for word in text.split(separator: " ", omittingEmptySubsequences: false) {
            let (wordWidth, endWidth) = Self.widths(word, &marks)
            let isOver = lineWidth + 1 + wordWidth > width && !word.isEmpty && !line.hasSuffix(" ")
            if !isFirst, !line.isEmpty, isOver, !Self.beginsBlock(word) {
                lines.append(line)
                (line, lineWidth) = (String(word), endWidth ?? wordWidth)
            } else {
                line += (isFirst ? "" : " ") + word
                lineWidth = endWidth ?? lineWidth + (isFirst ? 0 : 1) + wordWidth
            }
            isFirst = false
        }
        return lines + [line]
    }

    /// - Returns: How wide a word is up to a line break in it, and after the last one; nil: it has none.
    private static func widths(_ word: Substring, _ marks: inout ArraySlice<[UInt8]>) -> (whole: Int, end: Int?) {
        var first: Int?
        var width = 0
        for scalar in word.unicodeScalars {
            guard scalar.value == 0 else {
                width += 1
                continue
            }
            let mark = marks.popFirst() ?? []
            if let lineEnd = mark.lastIndex(of: 0x0A) {
                first = first ?? width
                width = mark.count - lineEnd - 1
            } else {
                width += mark.count
            }
        }
        return first.map { ($0, width) } ?? (width, nil)
    }

    /// Whether a word at the beginning of a line could be the mark of a block.
    private static func beginsBlock(_ word: Substring) -> Bool {
        guard let first = word.utf8.first else { return false }
        return "-+*#>=|~:<`[".utf8.contains(first) || first == 0
            || first.isASCIIDigit && (word.hasSuffix(".") || word.hasSuffix(")"))
    }

    /// The beginning of the text so that it begins no block.
    private func protected(_ text: String) -> String {
        let word = text.prefix { $0 != " " }
        guard let first = word.utf8.first, !isCell else { return text }
        if "-+#>=".utf8.contains(first), word.utf8.allSatisfy({ $0 == first }) { return "\\" + text }
        if first.isASCIIDigit, word.hasSuffix(".") || word.hasSuffix(")"),
            word.dropLast().utf8.allSatisfy(\.isASCIIDigit)
        {
            return word.dropLast() + "\\" + text[text.index(before: word.endIndex)...]
        }
        return text
    }

    private func escaped(_ text: String) -> String {
        var result: [UInt8] = []
        let bytes = Array(text.utf8)
        func at(_ index: Int) -> UInt8 { bytes.indices.contains(index) ? bytes[index] : 0x20 }
        for (index, byte) in bytes.enumerated() {
            let before = at(index - 1), after = at(index + 1)
            let mustEscape =
                switch byte {
                case UInt8(ascii: "`"): true
                case UInt8(ascii: "\\"): after.isASCIIPunctuation
                case UInt8(ascii: "*"): before > 0x20 || after > 0x20
                case UInt8(ascii: "_"): (before > 0x20) != (after > 0x20)
                case UInt8(ascii: "~"): after == byte || before == byte
                case UInt8(ascii: "<"): after.isASCIILetter || after == UInt8(ascii: "/") || after == UInt8(ascii: "!")
                case UInt8(ascii: "]"): after == UInt8(ascii: "(") || after == UInt8(ascii: "[")
                case UInt8(ascii: "|"): isCell
                default: false
                }
            if mustEscape { result.append(UInt8(ascii: "\\")) }
            result.append(byte)
        }
        return String(decoding: result, as: UTF8.self)
    }
}
