/// The text of a paragraph of runs, and how its translation is written as runs.
struct RunText: Sendable {
    let unit: InlineText
    let range: Range<Int>
    private let prefix: String
    private let edges: Edges
    /// The properties that most of the words have.
    private let properties: [UInt8]
    private var runs: [Int: [UInt8]] = [:]
    private var codes: [InlineText.Piece: [UInt8]] = [:]

    /// - Returns: nil when there is nothing to translate.
    init?(_ items: [RunItem], _ prefix: String) {
        self.prefix = prefix
        guard let bounds = Self.bounds(items) else { return nil }
        let items = items[bounds]
        range = items.first!.range.lowerBound..<items.map(\.range.upperBound).max()!
        var counts: [[UInt8]: Int] = [:]
        for case .text(let text, let properties) in items.map(\.kind) {
            counts[properties, default: 0] += text.utf8.count
        }
        // Of equals, the first that is written.
        let most = counts.values.max()
        properties =
            items.lazy.compactMap { item -> [UInt8]? in
                guard case .text(_, let properties) = item.kind, counts[properties] == most else { return nil }
                return properties
            }.first ?? []
        var pieces: [InlineText.Piece] = []
        var number = 0
        // The run that is being read, where it has properties of its own.
        var open: (number: Int, properties: [UInt8])?
        func endRun() {
            if let run = open { pieces.append(.close(run.number)) }
            open = nil
        }
        var wrappers: [Int: Int] = [:]
        for item in items {
            switch item.kind {
            case .text(let text, let own):
                if own != open?.properties ?? properties {
                    endRun()
                    if own != properties {
                        number += 1
                        open = (number, own)
                        runs[number] = own
                        pieces.append(.open(number))
                    }
                }
                if case .text(let before)? = pieces.last {
                    pieces[pieces.count - 1] = .text(before + text)
                } else {
                    pieces.append(.text(text))
                }
            case .mark(let bytes):
                endRun()
                number += 1
                codes[.mark(number)] = bytes
                pieces.append(.mark(number))
            case .open(let wrapper, let bytes):
                endRun()
                number += 1
                wrappers[wrapper] = number
                codes[.open(number)] = bytes
                pieces.append(.open(number))
            case .close(let wrapper, let bytes):
                endRun()
                let own = wrappers[wrapper] ?? 0
                codes[.close(own)] = bytes
                pieces.append(.close(own))
            case .dropped: break
            }
        }
        endRun()
        let text = InlineText(pieces)
        guard text.hasLetters else { return nil }
        (unit, edges) = Self.trimmed(text)
    }

    /// The stretch from the first words to the last, with whole runs and whole wrappers.
    private static func bounds(_ items: [RunItem]) -> Range<Int>? {
        guard var first = items.firstIndex(where: \.isText), var last = items.lastIndex(where: \.isText) else {
            return nil
        }
        while first > 0, items[first - 1].range == items[first].range, !isWrapper(items[first - 1]) { first -= 1 }
        while last + 1 < items.count, items[last + 1].range == items[last].range, !isWrapper(items[last + 1]) {
            last += 1
        }
        // A wrapper that is cut is taken in whole.
        var opened: [Int: Int] = [:], closed: [Int: Int] = [:]
        for (index, item) in items.enumerated() {
            if case .open(let number, _) = item.kind { opened[number] = index }
            if case .close(let number, _) = item.kind { closed[number] = index }
        }
        var isWhole = false
        while !isWhole {
            isWhole = true
            for (number, open) in opened {
                guard let close = closed[number] else { return nil }
                let holdsOpen = (first...last).contains(open), holdsClose = (first...last).contains(close)
                if holdsOpen != holdsClose {
                    (first, last) = (min(first, open), max(last, close))
                    isWhole = false
                }
            }
        }
        // A stretch within a wrapper whose beginning is not there either would be written outside of it.
        return first..<last + 1
    }

    private static func isWrapper(_ item: RunItem) -> Bool {
        switch item.kind {
        case .open, .close: true
        default: false
        }
    }

    /// Blanks at the edges are taken off, and written again.
    private static func trimmed(_ text: InlineText) -> (InlineText, Edges) {
        var pieces = text.pieces
        var before = "", after = ""
        if case .text(let first)? = pieces.first {
            before = Edges(first).before
            pieces[0] = .text(String(first.dropFirst(before.count)))
        }
        if case .text(let last)? = pieces.last {
            after = Edges(last).after
            pieces[pieces.count - 1] = .text(String(last.dropLast(after.count)))
        }
        return (InlineText(pieces.filter { $0 != .text("") }), Edges(before: before, after: after))
    }

    func written(_ text: InlineText) -> [UInt8] {
        var result: [UInt8] = []
        var open: [[UInt8]] = []
        let pieces = [.text(edges.before)] + text.pieces + [.text(edges.after)]
        for piece in pieces {
            switch piece {
            case .text(let words):
                guard !words.isEmpty else { continue }
                let tag = prefix == "w" ? "<w:t xml:space=\"preserve\">" : "<\(prefix):t>"
                result += "<\(prefix):r>".utf8
                result += open.last ?? properties
                result += "\(tag)\(XMLText.escaped(words))</\(prefix):t></\(prefix):r>".utf8
            case .open(let number):
                if let run = runs[number] { open.append(run) } else { result += codes[piece] ?? [] }
            case .close(let number):
                if runs[number] != nil { _ = open.popLast() } else { result += codes[piece] ?? [] }
            case .mark: result += codes[piece] ?? []
            }
        }
        return result
    }
}
