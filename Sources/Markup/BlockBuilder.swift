import Translations

/// Gathers the words and marks of a block.
struct BlockBuilder {
    private var block = MarkupBlock()
    private var text: [UInt8] = []
    private var open: [(name: String, mark: Int)] = []
    /// How many elements of each name are open.
    private var openCounts: [String: Int] = [:]
    /// The marks from here on have had no words after them.
    private var fresh = 0
    private var hasWords = false

    /// Elements that are deeper are not held together, but their tags keep their order.
    private static let depthLimit = 256
    /// What stays as it is and has more bytes is no word of a sentence.
    private static let verbatimLimit = 200

    mutating func append(words range: Range<Int>, of bytes: [UInt8], _ language: MarkupLanguage) {
        var at = range.lowerBound
        while at < range.upperBound {
            let byte = bytes[at]
            if byte.isSpace {
                let end = bytes[at..<range.upperBound].firstIndex { !$0.isSpace } ?? range.upperBound
                append(space: at..<end)
                at = end
            } else if byte == UInt8(ascii: "&") {
                at = append(reference: at..<range.upperBound, of: bytes, language)
            } else {
                let end = bytes[at..<range.upperBound].firstIndex { $0.isSpace || $0 == UInt8(ascii: "&") }
                append(bytes[at..<(end ?? range.upperBound)], from: at..<(end ?? range.upperBound))
                at = end ?? range.upperBound
            }
        }
    }

    /// - Parameter isOrdered: Whether it must not change places with others.
    mutating func append(point range: Range<Int>, isOrdered: Bool = false) {
        append(.point(isOrdered: isOrdered), range)
    }

    /// Appends an element that stays as it is.
    mutating func append(
        verbatim range: Range<Int>, words: [Range<Int>], of bytes: [UInt8], _ language: MarkupLanguage
    ) {
        var inner = BlockBuilder()
        for word in words { inner.append(words: word, of: bytes, language) }
        guard inner.hasWords, inner.text.count <= Self.verbatimLimit else { return append(point: range) }
        let place = text.count
        let isSpaced = text.last?.isSpace ?? false
        note(spaceAfter: inner.text.first?.isSpace ?? false)
        text += inner.text
        hasWords = true
        block.unbroken.append(place..<text.count)
        block.items.append(.mark(block.marks.count))
        block.marks.append(
            MarkupMark(kind: .verbatim(end: text.count), source: range, place: place, hasSpaceBefore: isSpaced))
        fresh = block.marks.count - 1
        extend(to: range)
    }

    mutating func open(_ range: Range<Int>, name: String) {
        open.append((name, block.marks.count))
        openCounts[name, default: 0] += 1
        append(.open, range)
    }

    mutating func close(_ range: Range<Int>, name: String) {
        if openCounts[name, default: 0] > 0, let last = open.lastIndex(where: { $0.name == name }) {
            let partner = open[last].mark
            // The tags of overlapping elements are not paired: they keep their order.
            if last < Self.depthLimit, last == open.count - 1 {
                block.marks[partner].partner = block.marks.count
                append(.close, range, partner: partner)
            } else {
                append(.close, range)
            }
            for element in open[last...] { openCounts[element.name, default: 0] -= 1 }
            open.removeSubrange(last...)
        } else {
            append(.close, range)
        }
    }

    /// The block, if there are words in it.
    consuming func end() -> MarkupBlock? {
        guard hasWords else { return nil }
        block.text = String(decoding: text, as: UTF8.self)
        return block
    }

    private mutating func append(_ kind: MarkupMark.Kind, _ range: Range<Int>, partner: Int? = nil) {
        block.items.append(.mark(block.marks.count))
        block.marks.append(
            MarkupMark(
                kind: kind, source: range, place: text.count, partner: partner,
                hasSpaceBefore: text.last?.isSpace ?? false))
        extend(to: range)
    }

    /// - Returns: The end of what was read.
    private mutating func append(
        reference range: Range<Int>, of bytes: [UInt8], _ language: MarkupLanguage
    ) -> Int {
        let begin = range.lowerBound
        if let match = CharacterReferences.match(bytes, range, language) {
            let end = begin + match.length
            if match.text.utf8.allSatisfy(\.isSpace) {
                append(space: begin..<end)
            } else {
                if let character = match.text.first, match.text.count == 1, !character.isSeen {
                    let spelling = bytes.text(begin..<end)
                    block.spellings[character] = spelling.hasSuffix(";") ? spelling : spelling + ";"
                }
                let isBlank = match.text.allSatisfy(\.isWhitespace)
                append(Array(match.text.utf8)[...], from: begin..<end, areWords: !isBlank)
            }
            return end
        }
        if let length = CharacterReferences.unknownLength(bytes, range) {
            append(point: begin..<begin + length, isOrdered: true)
            return begin + length
        }
        append(bytes[begin...begin], from: begin..<begin + 1)
        return begin + 1
    }

    private mutating func append(_ words: ArraySlice<UInt8>, from source: Range<Int>, areWords: Bool = true) {
        note(spaceAfter: false)
        hasWords = hasWords || areWords
        write(words, from: source)
    }

    /// Appends white space, of which one stands for any number.
    private mutating func append(space source: Range<Int>) {
        note(spaceAfter: true)
        let isFirst = !(text.last?.isSpace ?? false)
        write(isFirst ? [0x20] : [], from: source)
    }

    private mutating func write(_ words: ArraySlice<UInt8>, from source: Range<Int>) {
        let begin = text.count
        text += words
        block.items.append(.words(source: source, text: begin..<text.count))
        extend(to: source)
    }

    private mutating func note(spaceAfter: Bool) {
        if spaceAfter { for mark in fresh..<block.marks.count { block.marks[mark].hasSpaceAfter = true } }
        fresh = block.marks.count
    }

    private mutating func extend(to range: Range<Int>) {
        block.range = block.items.count == 1 ? range : block.range.lowerBound..<range.upperBound
    }
}

extension Character {
    /// Whether a reader sees it, so that it need not be written by its name.
    fileprivate var isSeen: Bool {
        unicodeScalars.allSatisfy { scalar in
            switch scalar.properties.generalCategory {
            case .format, .control, .spaceSeparator, .lineSeparator, .paragraphSeparator: false
            default: true
            }
        }
    }
}
