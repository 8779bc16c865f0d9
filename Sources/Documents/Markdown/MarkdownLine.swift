/// A line of Markdown, from the place up to which it has been read: what it can begin, and what it can be.
struct MarkdownLine {
    private let source: SourceText
    private(set) var rest: Range<Int>
    /// Of the beginning of `rest`, with tabs as wide as they are.
    private var column = 0
    /// Where the containers that have been passed over end: list items are indented from there.
    private var base = 0

    init(_ source: SourceText, _ content: Range<Int>) {
        self.source = source
        rest = content
    }

    private var bytes: ArraySlice<UInt8> { source.bytes[rest] }
    var text: String { source.string(rest) }
    var isBlank: Bool { source.isBlank(rest) }

    // MARK: Indentation

    /// The columns of blanks at the beginning, and how many bytes they are.
    private var indent: (columns: Int, bytes: Int) {
        var at = column
        var count = 0
        for byte in bytes {
            if byte == 0x20 { at += 1 } else if byte == 0x09 { at += 4 - at % 4 } else { break }
            count += 1
        }
        return (at - column, count)
    }

    /// Without blanks at the beginning.
    private var body: ArraySlice<UInt8> { bytes.dropFirst(indent.bytes) }

    private var first: UInt8? { indent.columns < 4 ? body.first : nil }

    private mutating func advance(_ count: Int) {
        for byte in bytes.prefix(count) { column += byte == 0x09 ? 4 - column % 4 : 1 }
        rest = rest.lowerBound + count..<rest.upperBound
    }

    /// Takes blanks up to `columns` of them.
    private mutating func takeBlanks(upTo columns: Int) {
        let end = column + columns
        while column < end, let byte = bytes.first, byte == 0x20 || byte == 0x09 { advance(1) }
    }

    // MARK: Containers

    mutating func takeQuoteMark() -> Bool {
        guard first == UInt8(ascii: ">") else { return false }
        advance(indent.bytes + 1)
        takeBlanks(upTo: 1)
        return true
    }

    /// - Parameter columns: How far the content of a list item is indented in what it stands in.
    mutating func takeIndent(_ columns: Int) -> Bool {
        guard indent.columns >= columns else { return false }
        takeBlanks(upTo: columns)
        return true
    }

    /// - Parameter interrupts: Whether the line could go on with a paragraph; then only some marks begin a list.
    /// - Returns: How far the content of the item is indented.
    mutating func takeItemMark(interrupts: Bool) -> Int? {
        guard let mark = first else { return nil }
        var length = 1
        if mark.isASCIIDigit {
            let digits = body.prefix(10).prefix(while: \.isASCIIDigit)
            guard digits.count <= 9, let end = body.dropFirst(digits.count).first, end == 0x2E || end == 0x29 else {
                return nil
            }
            if interrupts, !digits.elementsEqual("1".utf8) { return nil }
            length = digits.count + 1
        } else {
            guard mark == UInt8(ascii: "-") || mark == UInt8(ascii: "*") || mark == UInt8(ascii: "+") else {
                return nil
            }
        }
        let after = body.dropFirst(length)
        guard after.isEmpty || after.first == 0x20 || after.first == 0x09 else { return nil }
        if interrupts, after.allSatisfy({ $0 == 0x20 || $0 == 0x09 }) { return nil }
        let start = column
        advance(indent.bytes + length)
        let blanks = indent.columns
        takeBlanks(upTo: blanks > 4 || isBlank ? 1 : blanks)
        let width = isBlank ? column - start + (blanks == 0 ? 1 : 0) : column - start
        takeTaskMark()
        return width
    }

    /// `[ ]` and `[x]` are no text.
    private mutating func takeTaskMark() {
        let mark = bytes.prefix(4)
        guard mark.count == 4, mark.first == UInt8(ascii: "["), mark.dropFirst(2).first == UInt8(ascii: "]"),
            [0x20, 0x78, 0x58].contains(mark[mark.startIndex + 1]), mark.last == 0x20
        else { return }
        advance(4)
    }

    /// `[^1]:` before a note is no text.
    mutating func skipFootnoteLabel() {
        guard bytes.starts(with: "[^".utf8), let end = text.firstRange(of: "]:") else { return }
        advance(text.utf8.distance(from: text.startIndex, to: end.upperBound))
    }

    // MARK: Leaves

    var isIndentedCode: Bool { indent.columns >= 4 }

    var isThematicBreak: Bool {
        guard let mark = first, "-_*".utf8.contains(mark) else { return false }
        return body.count { $0 == mark } >= 3 && body.allSatisfy { $0 == mark || $0 == 0x20 || $0 == 0x09 }
    }

    var isSetextUnderline: Bool {
        guard let mark = first, mark == UInt8(ascii: "=") || mark == UInt8(ascii: "-") else { return false }
        return source.bytes[source.trimmed(rest)].allSatisfy { $0 == mark }
    }

    /// Marks of blocks that some programs have, such as `:::note`.
    var isAside: Bool { body.starts(with: ":::".utf8) }

    /// The text of a heading that begins with `#`.
    var heading: Range<Int>? {
        guard first == UInt8(ascii: "#") else { return nil }
        let count = body.prefix { $0 == UInt8(ascii: "#") }.count
        let after = body.dropFirst(count)
        guard count <= 6, after.isEmpty || after.first == 0x20 || after.first == 0x09 else { return nil }
        var range = source.trimmed(after.startIndex..<after.endIndex)
        let closing = source.bytes[range].reversed().prefix { $0 == UInt8(ascii: "#") }.count
        let before = source.bytes[range].dropLast(closing).last
        if closing > 0, before == nil || before == 0x20 || before == 0x09 {
            range = source.trimmed(range.lowerBound..<range.upperBound - closing)
        }
        return range
    }

    var fence: (mark: UInt8, count: Int)? {
        guard let mark = first, mark == UInt8(ascii: "`") || mark == UInt8(ascii: "~") else { return nil }
        let count = body.prefix { $0 == mark }.count
        guard count >= 3, mark == UInt8(ascii: "~") || !body.dropFirst(count).contains(mark) else { return nil }
        return (mark, count)
    }

    func closesFence(_ mark: UInt8, _ count: Int) -> Bool {
        guard first == mark else { return false }
        let marks = source.bytes[source.trimmed(rest)]
        return marks.count >= count && marks.allSatisfy { $0 == mark }
    }

    /// Whether the line begins a block even where a paragraph could go on.
    var interruptsParagraph: Bool {
        var copy = self
        return first == UInt8(ascii: ">") || isThematicBreak || heading != nil || fence != nil
            || copy.takeItemMark(interrupts: true) != nil || htmlBlock(interrupts: true) != nil || isAside
    }

    /// - Returns: What ends the HTML that begins here, nil within for a blank line; nil: none begins.
    func htmlBlock(interrupts: Bool) -> String?? {
        guard first == UInt8(ascii: "<") else { return nil }
        let text = String(decoding: body, as: UTF8.self).lowercased()
        for (start, end) in [("<!--", "-->"), ("<?", "?>"), ("<![cdata[", "]]>"), ("<!", ">")]
        where text.hasPrefix(start) {
            return .some(end)
        }
        let name = text.dropFirst(text.hasPrefix("</") ? 2 : 1).prefix {
            $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-")
        }
        guard !name.isEmpty else { return nil }
        if ["pre", "script", "style", "textarea"].contains(name), !text.hasPrefix("</") { return .some("</\(name)>") }
        if Self.blockNames.contains(String(name)) { return .some(nil) }
        // A tag alone on its line.
        guard !interrupts, let end = MarkdownHTML.tagEnd(body), body[end...].allSatisfy({ $0 == 0x20 || $0 == 0x09 })
        else {
            return nil
        }
        return .some(nil)
    }

    /// CommonMark 0.31, 4.6, the sixth condition.
    private static let blockNames: Set<String> = [
        "address", "article", "aside", "base", "basefont", "blockquote", "body", "caption", "center", "col", "colgroup",
        "dd", "details", "dialog", "dir", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form",
        "frame",
        "frameset", "h1", "h2", "h3", "h4", "h5", "h6", "head", "header", "hr", "html", "iframe", "legend", "li",
        "link",
        "main", "menu", "menuitem", "nav", "noframes", "ol", "optgroup", "option", "p", "param", "search", "section",
        "summary", "table", "tbody", "td", "tfoot", "th", "thead", "title", "tr", "track", "ul",
    ]

    /// The label that a line defines as the target of links, folded.
    var definedLabel: String? {
        guard first == UInt8(ascii: "["), body.dropFirst().first != UInt8(ascii: "^"),
            let end = body.indices.first(where: { body[$0] == UInt8(ascii: "]") && body[$0 - 1] != UInt8(ascii: "\\") }
            ),
            body[(end + 1)...].first == UInt8(ascii: ":"),
            !source.isBlank(end + 2..<rest.upperBound)
        else { return nil }
        return MarkdownText.folded(String(decoding: body[(body.startIndex + 1)..<end], as: UTF8.self))
    }

    // MARK: Tables

    /// How many columns the line that follows a table's header says that there are.
    var tableColumns: Int? {
        guard body.contains(UInt8(ascii: "-")), indent.columns < 4 else { return nil }
        let cells = cells
        for cell in cells {
            let dashes = source.bytes[cell].drop { $0 == UInt8(ascii: ":") }
            guard dashes.prefix(while: { $0 == UInt8(ascii: "-") }).count > 0,
                dashes.drop(while: { $0 == UInt8(ascii: "-") }).allSatisfy({ $0 == UInt8(ascii: ":") })
            else { return nil }
        }
        return body.contains(UInt8(ascii: "|")) ? cells.count : nil
    }

    /// The cells of a row, without the blanks around them.
    var cells: [Range<Int>] {
        var cells: [Range<Int>] = []
        let row = source.trimmed(rest)
        var start = row.lowerBound
        var position = start
        while position < row.upperBound {
            if source.bytes[position] == UInt8(ascii: "\\") {
                position += 2
                continue
            }
            if source.bytes[position] == UInt8(ascii: "|") {
                if position > row.lowerBound { cells.append(source.trimmed(start..<position)) }
                start = position + 1
            }
            position += 1
        }
        if start < row.upperBound { cells.append(source.trimmed(start..<row.upperBound)) }
        return cells
    }
}

/// Tags of HTML within Markdown.
enum MarkdownHTML {
    /// - Parameter text: Begins with `<`.
    /// - Returns: After the tag that it begins with; nil if it begins with no tag.
    static func tagEnd(_ text: ArraySlice<UInt8>) -> Int? {
        guard text.count >= 3 else { return nil }
        var position = text.startIndex + 1
        if text[position] == UInt8(ascii: "/") { position += 1 }
        guard position < text.endIndex, text[position].isASCIILetter else { return nil }
        var quote: UInt8?
        while position < text.endIndex {
            let byte = text[position]
            if let open = quote {
                if byte == open { quote = nil }
            } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
                quote = byte
            } else if byte == UInt8(ascii: ">") {
                return position + 1
            } else if byte == UInt8(ascii: "<") {
                return nil
            }
            position += 1
        }
        return nil
    }
}
