/// Markdown: CommonMark 0.31 with tables, strikethrough, task lists, footnotes and front matter, as GitHub has them.
///
/// Each paragraph, heading and cell of a table is a text. Code, targets of links, HTML, and front matter stay as they are.
struct MarkdownDocument {
    private let source: SourceText
    private var skeleton: Skeleton
    private var containers: [MarkdownContainer] = []
    private var paragraph: [Range<Int>] = []
    private var isAfterBlank = true
    private let labels: Set<String>

    static func skeleton(_ source: SourceText) throws(DocumentError) -> Skeleton {
        var document = MarkdownDocument(source)
        document.read()
        return document.skeleton
    }

    private init(_ source: SourceText) {
        self.source = source
        skeleton = Skeleton(source.bytes)
        labels = Set(source.lines.compactMap { MarkdownLine(source, $0.content).definedLabel })
    }

    /// What the lines of a block that goes over several of them are.
    private enum Verbatim {
        case fence(mark: UInt8, count: Int)
        /// HTML until a line that has this text; nil: until a blank line.
        case html(until: String?)
    }

    private mutating func read() {
        var verbatim: Verbatim?
        var index = frontMatterEnd()
        while index < source.lines.count {
            let content = source.lines[index].content
            var line = MarkdownLine(source, content)
            let matched = match(&line)
            if let block = verbatim {
                if matched == containers.count {
                    if ends(block, line) { verbatim = nil }
                    index += 1
                    continue
                }
                verbatim = nil
            }
            if line.isBlank {
                endParagraph()
                containers.removeSubrange(quotesKept(matched)...)
                isAfterBlank = true
                index += 1
                continue
            }
            // A line that goes on with a paragraph need not repeat what the paragraph stands in.
            if matched < containers.count, !paragraph.isEmpty, !line.interruptsParagraph {
                paragraph.append(line.rest)
                index += 1
                continue
            }
            if matched < containers.count {
                endParagraph()
                containers.removeSubrange(matched...)
            }
            open(&line)
            if line.isBlank {
                index += 1
                continue
            }
            index += readLeaf(line, at: index, &verbatim)
            isAfterBlank = false
        }
        endParagraph()
    }

    /// Blank lines end quotes; list items go on after them.
    private func quotesKept(_ matched: Int) -> Int {
        containers[matched...].firstIndex { $0 == .quote } ?? containers.count
    }

    /// Passes over the marks of the containers that are open.
    ///
    /// - Returns: How many of them the line is in.
    private func match(_ line: inout MarkdownLine) -> Int {
        for (index, container) in containers.enumerated() {
            switch container {
            case .quote: if !line.takeQuoteMark() { return index }
            case .item(let indent): if !line.isBlank, !line.takeIndent(indent) { return index }
            }
        }
        return containers.count
    }

    /// Opens the containers that begin on this line.
    private mutating func open(_ line: inout MarkdownLine) {
        while containers.count < Self.depthMax {
            if line.takeQuoteMark() {
                endParagraph()
                containers.append(.quote)
            } else if !line.isThematicBreak, let indent = line.takeItemMark(interrupts: !paragraph.isEmpty) {
                endParagraph()
                containers.append(.item(indent))
            } else {
                return
            }
        }
    }

    private static let depthMax = 100

    /// - Returns: How many lines it has.
    private mutating func readLeaf(_ line: MarkdownLine, at index: Int, _ verbatim: inout Verbatim?) -> Int {
        if paragraph.isEmpty, line.isIndentedCode { return 1 }
        if let (mark, count) = line.fence {
            endParagraph()
            verbatim = .fence(mark: mark, count: count)
        } else if line.isSetextUnderline, !paragraph.isEmpty {
            endParagraph()
        } else if line.isThematicBreak || line.isAside {
            endParagraph()
        } else if let heading = line.heading {
            endParagraph()
            add([heading])
        } else if let html = line.htmlBlock(interrupts: !paragraph.isEmpty) {
            endParagraph()
            let block = Verbatim.html(until: html)
            if html == nil || !ends(block, line) { verbatim = block }
        } else if paragraph.isEmpty, line.definedLabel != nil {
            return 1
        } else if paragraph.isEmpty, let rows = tableRows(line, at: index) {
            return rows
        } else {
            var text = line
            if paragraph.isEmpty { text.skipFootnoteLabel() }
            paragraph.append(text.rest)
        }
        return 1
    }

    private func ends(_ block: Verbatim, _ line: MarkdownLine) -> Bool {
        switch block {
        case .fence(let mark, let count): line.closesFence(mark, count)
        case .html(let end?): line.text.lowercased().contains(end)
        case .html(nil): line.isBlank
        }
    }

    /// Where the lines begin that are not front matter, in YAML or TOML.
    private func frontMatterEnd() -> Int {
        guard let first = source.lines.first.map({ source.string($0.content) }), first == "---" || first == "+++",
            let end = source.lines[1...].firstIndex(where: {
                let text = source.string($0.content)
                return text == first || first == "---" && text == "..."
            })
        else { return 0 }
        return end + 1
    }

    // MARK: Texts

    private mutating func endParagraph() {
        if !paragraph.isEmpty { add(paragraph) }
        paragraph = []
    }

    private mutating func add(_ lines: [Range<Int>], isCell: Bool = false) {
        MarkdownText(source, lines, labels: labels, isCell: isCell).add(to: &skeleton)
    }

    /// Reads a table whose header is this line.
    ///
    /// - Returns: How many lines it has; nil: it is no table.
    private mutating func tableRows(_ line: MarkdownLine, at index: Int) -> Int? {
        guard index + 1 < source.lines.count else { return nil }
        var next = MarkdownLine(source, source.lines[index + 1].content)
        guard match(&next) == containers.count, let columns = next.tableColumns, line.cells.count == columns else {
            return nil
        }
        for cell in line.cells { add([cell], isCell: true) }
        var end = index + 2
        while end < source.lines.count {
            var row = MarkdownLine(source, source.lines[end].content)
            guard match(&row) == containers.count, !row.isBlank, !row.interruptsParagraph else { break }
            for cell in row.cells { add([cell], isCell: true) }
            end += 1
        }
        return end - index
    }
}

/// What a line of Markdown can stand in.
enum MarkdownContainer: Equatable {
    case quote
    /// An item of a list, whose content begins at this column.
    case item(Int)
}
