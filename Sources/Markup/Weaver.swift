/// Writes a block, in the order of its items.
struct Weaver {
    private(set) var output: [UInt8] = []
    private let block: MarkupBlock
    private let markup: [UInt8]
    private var item = 0

    init(block: MarkupBlock, markup: [UInt8]) {
        self.block = block
        self.markup = markup
    }

    mutating func write(_ text: String) { output += text.utf8 }

    /// Writes a stretch of the source as it is, with some of the marks in it.
    /// - Parameters:
    ///   - begin: where it begins in the block's text; `end` likewise.
    mutating func write(from begin: Int, to end: Int, marks: Range<Int>) {
        while item < block.items.count {
            switch block.items[item] {
            case .mark(let mark):
                if mark >= marks.upperBound, block.marks[mark].place >= end { return }
                if marks.contains(mark) { output += markup[block.marks[mark].source] }
            case .words(let source, let text):
                guard text.lowerBound < end || text.isEmpty && text.lowerBound == end else { return }
                if text.count == source.count {
                    let part = text.clamped(to: begin..<end)
                    if !part.isEmpty {
                        let offset = source.lowerBound - text.lowerBound
                        output += markup[part.lowerBound + offset..<part.upperBound + offset]
                    }
                    // The rest of these words is that of a segment.
                    if text.upperBound > end { return }
                } else if text.lowerBound >= begin || text.isEmpty {
                    output += markup[source]
                }
            }
            item += 1
        }
    }

    /// Goes on after a segment.
    mutating func skip(to end: Int, marks: Range<Int>) {
        while item < block.items.count {
            switch block.items[item] {
            case .mark(let mark): if mark >= marks.upperBound, block.marks[mark].place >= end { return }
            case .words(_, let text): if text.upperBound > end || text.lowerBound >= end { return }
            }
            item += 1
        }
    }

    /// Writes a segment's output with the marks of the segment.
    mutating func write(
        _ text: String, for source: String, at range: Range<Int>, _ alignment: WordAlignment?, marks: Range<Int>
    ) {
        let bytes = Array(text.utf8)
        guard !marks.isEmpty else { return write(escaped: bytes[...]) }
        let cuts = marks.flatMap { [block.marks[$0].place, block.marks[$0].end] }.map { $0 - range.lowerBound }
        let sourceUnits = TextUnits.ranges(of: source, cuts: cuts.sorted()), units = TextUnits.ranges(of: text)
        guard marks.count <= Self.marksMaximum, sourceUnits.count * units.count <= Self.pairsMaximum else {
            let events = MarkPlacement.inOrder(
                block.marks, marks, segment: range, units: sourceUnits, of: units.count)
            return write(bytes, units, events)
        }
        let weights = UnitWeights(
            alignment ?? WordAlignment(source: [], target: [], weights: []), source: sourceUnits, in: source,
            target: units, in: text)
        let tree = MarkTree(block.marks, marks, segment: range, units: sourceUnits)
        write(bytes, units, MarkPlacement(tree, weights, block.marks).events)
    }

    /// More than sentences have: their marks are not weighed.
    private static let marksMaximum = 1000
    private static let pairsMaximum = 1 << 20

    private mutating func write(_ text: [UInt8], _ units: [Range<Int>], _ events: [MarkPlacement.Event]) {
        var end = 0
        for (index, event) in events.enumerated() {
            let mark = block.marks[event.mark], isStart = event.boundary == 0, isEnd = event.boundary == units.count
            let left = isStart ? 0 : units[event.boundary - 1].upperBound
            let right = isEnd ? text.count : units[event.boundary].lowerBound
            // At the edges of the text there is no space that could be on the other side.
            let place = Self.isRight(mark) || isStart ? right : left
            if end < place {
                write(escaped: text[end..<place])
                end = place
            }
            let isWord = event.end != nil
            if mark.hasSpaceBefore, !isStart, left == right,
                isWord ? Self.endsWord(text[..<end]) : event.isPoint && isEnd
            {
                write(" ")
            }
            output += markup[mark.source]
            if let replaced = event.end, replaced > event.boundary { end = max(end, units[replaced - 1].upperBound) }
            // Of the two spaces beside marks without words, the output has one.
            let isLast =
                index + 1 == events.count || events[index + 1].boundary != event.boundary || !events[index + 1].isPoint
            if event.isPoint, isLast, mark.hasSpaceAfter, end == right, isStart ? !isEnd : !isEnd && left < right {
                write(" ")
            }
        }
        write(escaped: text[end...])
    }

    private static func endsWord(_ text: ArraySlice<UInt8>) -> Bool {
        text.last.map { $0.isLetter || $0.isDigit } ?? false
    }

    /// Whether a mark goes after the space at its place, not before it.
    private static func isRight(_ mark: MarkupMark) -> Bool {
        switch mark.kind {
        case .open: mark.hasSpaceBefore || !mark.hasSpaceAfter
        case .close: mark.hasSpaceBefore && !mark.hasSpaceAfter
        case .point, .verbatim: mark.hasSpaceBefore
        }
    }

    private mutating func write(escaped text: ArraySlice<UInt8>) {
        guard !block.spellings.isEmpty else { return text.forEach { write(escaped: $0) } }
        for character in String(decoding: text, as: UTF8.self) {
            if let spelling = block.spellings[character] {
                output += spelling.utf8
            } else {
                character.utf8.forEach { write(escaped: $0) }
            }
        }
    }

    private mutating func write(escaped byte: UInt8) {
        switch byte {
        case UInt8(ascii: "&"): output += "&amp;".utf8
        case UInt8(ascii: "<"): output += "&lt;".utf8
        case UInt8(ascii: ">"): output += "&gt;".utf8
        default: output.append(byte)
        }
    }
}
