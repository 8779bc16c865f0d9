/// Finds what is no text in the text of a block: emphasis, links, code, HTML (CommonMark 0.31, chapter 6).
struct MarkdownInline {
    struct Code {
        var piece: InlineText.Piece
        var range: Range<Int>
        /// What is written in place of what is there.
        var written: [UInt8]?
    }

    private let text: [UInt8]
    private let labels: Set<String>
    /// In the order of the text, once it is read.
    private(set) var codes: [Code] = []
    private var number = 0
    private var emphasis: MarkdownEmphasis
    private var brackets: [Bracket] = []
    /// Where the last run of so many backticks is, once it has been looked for.
    private var lastBackticks: [Int: Int]?

    /// Where the last `>` is.
    private let lastAngle: Int

    private struct Bracket {
        var position: Int
        var isImage: Bool
        var isActive = true
        /// How many runs of delimiters came before.
        var runs: Int
    }

    init(_ text: [UInt8], labels: Set<String>) {
        self.text = text
        self.labels = labels
        emphasis = MarkdownEmphasis(text)
        lastAngle = text.lastIndex(of: UInt8(ascii: ">")) ?? 0
    }

    mutating func read() {
        var position = 0
        while position < text.count {
            position = step(position)
        }
        pair(emphasis.take(from: 0))
        pairTags()
        codes.sort { $0.range.lowerBound < $1.range.lowerBound }
    }

    private mutating func mark(_ range: Range<Int>) -> Int {
        number += 1
        codes.append(Code(piece: .mark(number), range: range))
        return range.upperBound
    }

    private mutating func pair(_ pairs: [(open: Range<Int>, close: Range<Int>)]) {
        for (open, close) in pairs {
            number += 1
            codes.append(Code(piece: .open(number), range: open))
            codes.append(Code(piece: .close(number), range: close))
        }
    }

    /// - Returns: Where to go on.
    private mutating func step(_ position: Int) -> Int {
        switch text[position] {
        case UInt8(ascii: "\\"):
            if position + 1 < text.count, text[position + 1] == 0x0A { return mark(position..<position + 2) }
            return position + 2
        case 0x20:
            let blanks = text[position...].prefix { $0 == 0x20 }.count
            let end = position + blanks
            // Two blanks and a line end are a line break.
            return blanks >= 2 && end < text.count && text[end] == 0x0A ? mark(position..<end + 1) : end
        case UInt8(ascii: "`"): return code(position)
        case UInt8(ascii: "<"): return angle(position)
        case UInt8(ascii: "*"), UInt8(ascii: "_"), UInt8(ascii: "~"): return emphasis.addRun(at: position)
        case UInt8(ascii: "!") where position + 1 < text.count && text[position + 1] == UInt8(ascii: "["):
            brackets.append(Bracket(position: position, isImage: true, runs: emphasis.count))
            return position + 2
        case UInt8(ascii: "["):
            if let end = footnoteEnd(position) { return mark(position..<end) }
            brackets.append(Bracket(position: position, isImage: false, runs: emphasis.count))
            return position + 1
        case UInt8(ascii: "]"): return closeBracket(position)
        default: return position + 1
        }
    }

    private mutating func code(_ position: Int) -> Int {
        let count = text[position...].prefix { $0 == UInt8(ascii: "`") }.count
        if lastBackticks == nil {
            var last: [Int: Int] = [:]
            var at = 0
            while let next = text[at...].firstIndex(of: UInt8(ascii: "`")) {
                let run = text[next...].prefix { $0 == UInt8(ascii: "`") }.count
                last[run] = next
                at = next + run
            }
            lastBackticks = last
        }
        guard let last = lastBackticks?[count], last > position else { return position + count }
        var at = position + count
        while let next = text[at...].firstIndex(of: UInt8(ascii: "`")) {
            let run = text[next...].prefix { $0 == UInt8(ascii: "`") }.count
            if run == count { return mark(position..<next + run) }
            at = next + run
        }
        return position + count
    }

    /// An address in angle brackets, or a tag.
    private mutating func angle(_ position: Int) -> Int {
        guard position < lastAngle else { return position + 1 }
        let rest = text[position...]
        if rest.starts(with: "<!--".utf8) {
            let end = (position + 4..<max(position + 4, text.count - 2)).first { text[$0...].starts(with: "-->".utf8) }
            return end.map { mark(position..<$0 + 3) } ?? position + 1
        }
        guard let end = rest.prefix(2000).firstIndex(of: UInt8(ascii: ">")) else { return position + 1 }
        let inner = text[position + 1..<end]
        if inner.contains(UInt8(ascii: ":")) || inner.contains(UInt8(ascii: "@")),
            inner.first?.isASCIILetter == true || inner.contains(UInt8(ascii: "@")),
            inner.allSatisfy({ $0 > 0x20 && $0 != UInt8(ascii: "<") && $0 != UInt8(ascii: "\"") })
        {
            return mark(position..<end + 1)
        }
        guard let tagEnd = MarkdownHTML.tagEnd(rest.prefix(4000)) else { return position + 1 }
        return mark(position..<tagEnd)
    }

    /// Tags that begin and end what is between them.
    private mutating func pairTags() {
        codes.sort { $0.range.lowerBound < $1.range.lowerBound }
        var opened: [(name: String, index: Int, depth: Int)] = []
        var depth: [Int] = []
        for index in codes.indices {
            switch codes[index].piece {
            case .open(let number): depth.append(number)
            case .close: _ = depth.popLast()
            case .mark:
                let bytes = text[codes[index].range]
                guard bytes.first == UInt8(ascii: "<"), bytes.dropFirst().first != UInt8(ascii: "!") else { continue }
                let isEnd = bytes.dropFirst().first == UInt8(ascii: "/")
                let name = String(
                    decoding: bytes.dropFirst(isEnd ? 2 : 1).prefix(while: \.isASCIILetter), as: UTF8.self
                ).lowercased()
                if !isEnd {
                    opened.append((name, index, depth.last ?? 0))
                } else if let match = opened.suffix(256).lastIndex(where: { $0.name == name }),
                    opened[match].depth == depth.last ?? 0
                {
                    guard case .mark(let begin) = codes[opened[match].index].piece else { continue }
                    codes[opened[match].index].piece = .open(begin)
                    codes[index].piece = .close(begin)
                    opened.removeSubrange(match...)
                }
            case .text: break
            }
        }
    }

    private func footnoteEnd(_ position: Int) -> Int? {
        guard text[position...].starts(with: "[^".utf8),
            let end = text[position...].prefix(100).firstIndex(of: UInt8(ascii: "]")),
            end > position + 2, !text[position..<end].contains(0x20)
        else { return nil }
        return end + 1
    }

    // MARK: Links

    private mutating func closeBracket(_ position: Int) -> Int {
        guard let bracket = brackets.popLast() else { return position + 1 }
        guard bracket.isActive, let (end, label) = linkEnd(bracket, position) else { return position + 1 }
        pair(emphasis.take(from: bracket.runs))
        number += 1
        codes.append(
            Code(piece: .open(number), range: bracket.position..<bracket.position + (bracket.isImage ? 2 : 1)))
        codes.append(
            Code(piece: .close(number), range: position..<end, written: label.map { Array("][\($0)]".utf8) }))
        // Links have no links in them. What came before the last link is inactive already.
        if !bracket.isImage {
            for index in brackets.indices.reversed() where !brackets[index].isImage {
                guard brackets[index].isActive else { break }
                brackets[index].isActive = false
            }
        }
        return end
    }

    /// - Parameter position: Of the closing bracket.
    /// - Returns: After the link, and its label where that is its text; nil: it is no link.
    private func linkEnd(_ bracket: Bracket, _ position: Int) -> (end: Int, label: String?)? {
        let after = position + 1
        if after < text.count, text[after] == UInt8(ascii: "("), let end = destinationEnd(after) { return (end, nil) }
        let own = text[bracket.position + (bracket.isImage ? 2 : 1)..<position]
        if after < text.count, text[after] == UInt8(ascii: "["),
            let end = text[after...].prefix(1000).firstIndex(of: UInt8(ascii: "]")), end > after + 1
        {
            let label = MarkdownText.folded(String(decoding: text[after + 1..<end], as: UTF8.self))
            if labels.contains(label) { return (end + 1, nil) }
        }
        guard own.count < 1000 else { return nil }
        let label = String(decoding: own, as: UTF8.self)
        guard labels.contains(MarkdownText.folded(label)) else { return nil }
        return (text[after...].starts(with: "[]".utf8) ? after + 2 : after, label.replacing("\n", with: " "))
    }

    /// - Parameter position: Of the opening parenthesis.
    /// - Returns: After the closing one.
    private func destinationEnd(_ position: Int) -> Int? {
        var at = position + 1
        func skipBlanks() {
            while at < text.count, text[at] == 0x20 || text[at] == 0x0A || text[at] == 0x09 { at += 1 }
        }
        skipBlanks()
        if at < text.count, text[at] == UInt8(ascii: "<") {
            guard let end = text[at...].prefix(2000).firstIndex(of: UInt8(ascii: ">")) else { return nil }
            at = end + 1
        } else {
            var depth = 0
            destination: while at < text.count {
                switch text[at] {
                case UInt8(ascii: "\\"): at += 1
                case UInt8(ascii: "("): depth += 1
                case UInt8(ascii: ")"):
                    if depth == 0 { break destination }
                    depth -= 1
                case 0...0x20: break destination
                default: break
                }
                at += 1
                guard at - position < 4000, depth < 32 else { return nil }
            }
        }
        skipBlanks()
        if at < text.count, let close = [UInt8(ascii: "\""): UInt8(ascii: "\""), 0x27: 0x27, 0x28: 0x29][text[at]] {
            at += 1
            while at < text.count, text[at] != close {
                at += text[at] == UInt8(ascii: "\\") ? 2 : 1
                guard at - position < 8000 else { return nil }
            }
            at += 1
            skipBlanks()
        }
        return at < text.count && text[at] == UInt8(ascii: ")") ? at + 1 : nil
    }
}
