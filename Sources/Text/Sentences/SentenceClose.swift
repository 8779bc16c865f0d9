/// What belongs to a sentence after the mark that ends it: quotes, brackets and the marks of footnotes.
struct SentenceClose {
    private let line: LineScalars
    private let run: TerminatorRun
    private let quotes: QuoteCount
    private let hasReferences: Bool

    /// Where the sentence ends, so far.
    private(set) var end: Int
    /// Whether a quote or a bracket closes it.
    private(set) var isClosed = false
    /// Whether a bracket follows the mark at once.
    private(set) var isBracketed = false

    init(line: LineScalars, run: TerminatorRun, quotes: QuoteCount, hasReferences: Bool) {
        self.line = line
        self.run = run
        self.quotes = quotes
        self.hasReferences = hasReferences
        end = run.range.upperBound
    }

    /// Passes what follows the mark without a space.
    ///
    /// - Returns: Whether the sentence can end here: not inside a Chinese title, 《你好！》.
    mutating func closeTight() -> Bool {
        while let next = line.scalar(at: end) {
            if next == "》" || next == "〉" { return false }
            // Emphasis of Markdown, and what adorns a sentence, close no quote.
            let isEmphasis = next == "*" || next == "_"
            guard next.isEmoji || (isEmphasis ? isBreak(line.after(end)) : closesTight(next)) else { break }
            if !isEmphasis && !next.isEmoji {
                isBracketed = isBracketed || end == run.range.upperBound && next.isClosingBracket
                isClosed = true
            }
            end = line.after(end)
        }
        end = line.skip(end, while: \.isSuperscript)
        while let after = footnote(at: end) { end = after }
        if let after = footnoteNumber { end = after }
        return true
    }

    /// Passes white space, what closes the sentence after it (« Oui. » Non.), and white space again.
    mutating func closeAfterSpace() {
        end = line.skip(end, while: \.isSpace)
        let close = line.skipIndexed(end, while: closesAlone)
        if close > end, line.scalar(at: close)?.isSpace ?? true {
            isClosed = isClosed || line.scalar(at: end)?.isEmoji == false
            end = line.skip(close, while: \.isSpace)
        }
        if hasReferences { return }
        while let after = footnote(at: end), line.scalar(at: after)?.isSpace ?? true {
            end = line.skip(after, while: \.isSpace)
        }
    }

    /// Whether a mark right after the end closes the sentence; „so“ and »so« close where others open.
    private func closesTight(_ mark: Unicode.Scalar) -> Bool {
        switch mark {
        case "\"": return isBreak(line.after(end)) || quotes.isStraightOpen
        case "'": return line.scalar(at: line.after(end))?.isAlphanumeric != true
        case "”", "’": return true
        default:
            if mark.isClosingBracket { return true }
            return mark.isClosing && isBreak(line.after(end))
        }
    }

    /// Whether a mark that follows white space closes the sentence before it.
    private func closesAlone(_ mark: Unicode.Scalar, at offset: Int) -> Bool {
        switch mark {
        case "\"": return quotes.isStraightOpen
        case "“": return quotes.low > 0
        // '' is a quote in typewriters' texts.
        case "'":
            return line.scalar(at: line.after(offset)) == "'"
                || offset > end && line.scalar(at: line.before(offset)) == "'"
        case "«", "‹", "‘": return false
        default: return mark.isClosing || mark.isEmoji
        }
    }

    /// Whether no word begins at an offset.
    private func isBreak(_ offset: Int) -> Bool {
        guard let next = line.scalar(at: offset) else { return true }
        return next.isSpace || next.isClosing || next.continuesSentence || next.isTerminator || next.isSuperscript
            || next == "[" || next == "*" || next == "_"
    }

    /// The end of a mark such as [3], [2, 4] or [note 1].
    private func footnote(at offset: Int) -> Int? {
        guard line.scalar(at: offset) == "[" else { return nil }
        let begin = line.after(offset)
        let close = line.skip(begin, reach: 10) { $0 != "]" && $0 != "[" }
        guard close > begin, line.scalar(at: close) == "]", let last = line.last(of: begin..<close) else { return nil }
        guard last.isDigit || line.after(begin) == close && last.isAlphanumeric else { return nil }
        return line.after(close)
    }

    /// The end of a number that marks a footnote: "It was so.4 Then".
    private var footnoteNumber: Int? {
        guard !isClosed, end == run.range.upperBound, run.kind != .ellipsis else { return nil }
        let after = line.skip(end, reach: 3, while: \.isDigit)
        guard after > end, line.scalar(at: after)?.isSpace == true, after - end < 3 else { return nil }
        let word = line.skipBack(0..<run.range.lowerBound, reach: 4, while: \.isLower)
        guard run.range.lowerBound - word >= 4 else { return nil }
        return line.scalar(at: line.skip(after, while: \.isSpace))?.isUpper == true ? after : nil
    }
}

extension LineScalars {
    /// The first offset from `offset` on that a condition on scalar and offset does not hold for.
    fileprivate func skipIndexed(_ offset: Int, while isSkipped: (Unicode.Scalar, Int) -> Bool) -> Int {
        var offset = offset
        while let next = scalar(at: offset), isSkipped(next, offset) { offset = after(offset) }
        return offset
    }
}
