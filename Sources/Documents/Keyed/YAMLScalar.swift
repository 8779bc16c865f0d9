/// A string of a YAML file where it stands, and what it means (YAML 1.2, chapters 7 and 8).
struct YAMLScalar: Sendable {
    enum Style: Sendable {
        case plain, singleQuoted, doubleQuoted, literal, folded
    }

    private(set) var text = ""
    /// What a translation takes the place of. Of a block: its lines, without the end of the last.
    private(set) var range = 0..<0
    private let style: Style
    private let isInFlow: Bool
    /// Of a block.
    private var indent = 0
    private var lineEnd = "\n"
    private var width = 0

    /// - Returns: nil when it does not stand there in a form that is known.
    init?(_ source: SourceText, at mark: Int, _ style: Style, isInFlow: Bool) {
        self.style = style
        self.isInFlow = isInFlow
        let start = Self.skipProperties(source, from: mark)
        let isRead =
            switch style {
            case .plain: readPlain(source, start)
            case .singleQuoted: readQuoted(source, start, UInt8(ascii: "'"))
            case .doubleQuoted: readQuoted(source, start, UInt8(ascii: "\""))
            case .literal, .folded: readBlock(source, start)
            }
        guard isRead else { return nil }
    }

    /// Tags and anchors stand before a string.
    static func skipProperties(_ source: SourceText, from start: Int) -> Int {
        var position = start
        while position < source.bytes.count,
            source.bytes[position] == UInt8(ascii: "&") || source.bytes[position] == UInt8(ascii: "!")
        {
            position = source.bytes[position...].firstIndex { $0 <= 0x20 } ?? source.bytes.count
            position = source.bytes[position...].firstIndex { $0 > 0x20 } ?? source.bytes.count
        }
        return position
    }

    // MARK: Reading

    /// A plain string, on one line or several.
    private mutating func readPlain(_ source: SourceText, _ start: Int) -> Bool {
        guard let first = source.lineIndex(of: start) else { return false }
        let margin = source.bytes[source.lines[first].content].prefix { $0 == 0x20 }.count
        var parts: [Substring] = []
        var breaks = 0
        for (index, line) in source.lines[first...].enumerated() {
            let content = index == 0 ? start..<line.content.upperBound : source.trimmed(line.content)
            if content.isEmpty {
                breaks += 1
                continue
            }
            // Another line belongs to it when it is indented further than its key, and does not begin a comment.
            let indent = content.lowerBound - line.content.lowerBound
            if index > 0, !isInFlow, indent <= margin || source.bytes[content.lowerBound] == UInt8(ascii: "#") { break }
            let end = plainEnd(source, content)
            guard end > content.lowerBound else { break }
            let part = source.string(content.lowerBound..<end)
            if index > 0 { parts.append(breaks > 0 ? Substring(String(repeating: "\n", count: breaks)) : " ") }
            parts.append(Substring(part))
            breaks = 0
            range = start..<end
            if end < source.trimmed(content).upperBound { break }
        }
        text = parts.joined()
        return !text.isEmpty
    }

    private func plainEnd(_ source: SourceText, _ content: Range<Int>) -> Int {
        let bytes = source.bytes
        var position = content.lowerBound
        while position < content.upperBound {
            let byte = bytes[position]
            let next = position + 1 < content.upperBound ? bytes[position + 1] : 0x0A
            let isBlankNext = next <= 0x20
            if byte == UInt8(ascii: ":"), isBlankNext || isInFlow && ",[]{}".utf8.contains(next) { break }
            if byte == UInt8(ascii: "#"), position > content.lowerBound, bytes[position - 1] <= 0x20 { break }
            if isInFlow, ",[]{}".utf8.contains(byte) { break }
            position += 1
        }
        return source.trimmed(content.lowerBound..<position).upperBound
    }

    private mutating func readQuoted(_ source: SourceText, _ start: Int, _ quote: UInt8) -> Bool {
        let bytes = source.bytes
        guard start < bytes.count, bytes[start] == quote else { return false }
        var position = start + 1
        while position < bytes.count {
            if quote == UInt8(ascii: "'"), bytes[position...].starts(with: "''".utf8) {
                position += 2
            } else if quote == UInt8(ascii: "\""), bytes[position] == UInt8(ascii: "\\") {
                position += 2
            } else if bytes[position] == quote {
                break
            } else {
                position += 1
            }
        }
        guard position < bytes.count else { return false }
        range = start + 1..<position
        var inner = Self.joined(source.string(range), escapes: quote == UInt8(ascii: "\""))
        if quote == UInt8(ascii: "'") {
            inner = inner.replacing("''", with: "'")
        } else {
            guard let unescaped = EscapedText.unescaped(inner, by: .yaml) else { return false }
            inner = unescaped
        }
        text = inner
        return true
    }

    /// The lines of a quoted string as one (7.3.3).
    private static func joined(_ text: String, escapes: Bool) -> String {
        let lines = text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" || $0 == "\r" }
        var result = ""
        var breaks = 0
        for (index, line) in lines.enumerated() {
            var content = line
            if index > 0 { content = content.drop { $0 == " " || $0 == "\t" } }
            if index < lines.count - 1 {
                while content.last == " " || content.last == "\t" { content.removeLast() }
            }
            if index > 0, index < lines.count - 1, content.isEmpty {
                breaks += 1
                continue
            }
            if index > 0 {
                if escapes, breaks == 0, result.hasSuffix("\\"), !result.hasSuffix("\\\\") {
                    result.removeLast()
                } else {
                    result += breaks > 0 ? String(repeating: "\n", count: breaks) : " "
                }
            }
            result += content
            breaks = 0
        }
        return result
    }

    /// `|` or `>`, and the lines below.
    private mutating func readBlock(_ source: SourceText, _ start: Int) -> Bool {
        guard let head = source.lineIndex(of: start), start <= source.lines[head].content.upperBound else {
            return false
        }
        let header = source.string(start..<source.lines[head].content.upperBound)
        let marks = header.prefix { $0 != " " && $0 != "\t" && $0 != "#" }.dropFirst()
        guard marks.allSatisfy({ $0 == "-" || $0 == "+" }) else { return false }
        lineEnd = source.string(source.lines[head].content.upperBound..<source.lines[head].end)
        if lineEnd.isEmpty { lineEnd = "\n" }
        var lines: [String] = []
        var blanks = 0
        for line in source.lines[(head + 1)...] {
            let spaces = source.bytes[line.content].prefix { $0 == 0x20 }.count
            if spaces == line.content.count {
                guard lines.isEmpty || spaces <= indent else { return false }
                if lines.isEmpty { return false }
                blanks += 1
                continue
            }
            if lines.isEmpty { indent = spaces }
            guard spaces >= indent, indent > 0 else { break }
            lines += Array(repeating: "", count: blanks)
            blanks = 0
            let content = line.content.lowerBound + indent..<line.content.upperBound
            lines.append(source.string(content))
            range = (lines.count == 1 ? content.lowerBound : range.lowerBound)..<content.upperBound
        }
        guard !lines.isEmpty else { return false }
        width = lines.map(\.count).max() ?? 0
        text = style == .literal ? lines.joined(separator: "\n") : Self.folded(lines)
        // What is after the last line belongs to the value, and stays.
        if !marks.contains("-") { text += "\n" }
        if marks.contains("+") { text += String(repeating: "\n", count: blanks) }
        return true
    }

    /// Lines next to each other are one; blank lines are the ends of lines (8.1.3). Lines that are indented further are
    /// not folded, and not supported.
    private static func folded(_ lines: [String]) -> String {
        var result = ""
        var breaks = 0
        for (index, line) in lines.enumerated() {
            if line.isEmpty {
                breaks += 1
                continue
            }
            if index > 0 { result += breaks > 0 ? String(repeating: "\n", count: breaks) : " " }
            result += line
            breaks = 0
        }
        return result
    }

    // MARK: Writing

    func written(_ edges: Edges, _ translation: String) -> [UInt8] {
        let whole = edges.around(translation)
        switch style {
        case .singleQuoted where !whole.contains(where: \.isNewline):
            return Array(whole.replacing("'", with: "''").utf8)
        case .doubleQuoted: return Array(EscapedText.escaped(whole, by: .yaml, onlyASCII: false).utf8)
        case .singleQuoted:
            // A line end in single quotes is written as a blank line.
            let lines = whole.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
            return Array(lines.joined(separator: "\n\n").replacing("'", with: "''").utf8)
        case .literal, .folded: return Array(block(translation).utf8)
        default:
            return Array(
                (isPlain(whole) ? whole : "\"\(EscapedText.escaped(whole, by: .yaml, onlyASCII: false))\"").utf8)
        }
    }

    private func block(_ text: String) -> String {
        let margin = String(repeating: " ", count: indent)
        let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
            .map { String($0.drop { $0 == " " || $0 == "\t" }) }
        let ends = lineEnd + (style == .folded ? lineEnd : "")
        return lines.enumerated().reduce(into: "") { result, line in
            if line.offset > 0 { result += line.element.isEmpty && style == .folded ? lineEnd : ends }
            let words = style == .folded ? wrapped(line.element) : [line.element]
            result += words.enumerated().map { index, part in
                (line.offset > 0 || index > 0) && !part.isEmpty ? margin + part : part
            }.joined(separator: lineEnd)
        }
    }

    /// A folded line, cut at single spaces to about the width that the block has.
    private func wrapped(_ line: String) -> [String] {
        var lines = [""]
        for word in line.split(separator: " ", omittingEmptySubsequences: false) {
            let last = lines[lines.count - 1]
            if word.isEmpty || last.isEmpty && lines.count == 1 && last == "" && lines[0].isEmpty {
                lines[lines.count - 1] += last.isEmpty && lines.count == 1 ? String(word) : " " + word
            } else if last.count + 1 + word.count <= max(width, 20) || last.hasSuffix(" ") {
                lines[lines.count - 1] += " " + word
            } else {
                lines.append(String(word))
            }
        }
        return lines
    }

    /// Whether a text can be written without quotes, and is a string then.
    private func isPlain(_ text: String) -> Bool {
        guard let first = text.unicodeScalars.first, first.properties.isAlphabetic else { return false }
        if text.contains(where: \.isNewline) || text.contains(": ") || text.contains(" #") || text.hasSuffix(":") {
            return false
        }
        if text.utf8.contains(where: { $0 < 0x20 }) || text.hasSuffix(" ") { return false }
        if isInFlow, text.contains(where: { ",[]{}:".contains($0) }) { return false }
        return !["true", "false", "yes", "no", "on", "off", "null", "y", "n"].contains(text.lowercased())
    }
}
