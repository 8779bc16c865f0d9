/// A place where a sentence may end, and where the next one begins if it does.
///
/// The order of the rules: what closes the sentence (quotes, brackets, footnotes), then what follows, then what the mark
/// itself says. Everything looks at a bounded stretch of the line, except for runs of one kind, which are passed once.
struct SentenceBoundary {
    let line: LineScalars
    let run: TerminatorRun
    /// Where the sentence begins.
    let start: Int
    let rules: LanguageRules
    let quotes: QuoteCount
    /// Whether the line begins with a mark of a reference, "[1] Smith", so that such marks do not follow sentences.
    let hasReferences: Bool

    /// Where the next sentence begins; nil where the sentence goes on.
    var cut: Int? {
        guard hasWords else { return nil }
        var close = SentenceClose(line: line, run: run, quotes: quotes, hasReferences: hasReferences)
        guard close.closeTight() else { return nil }
        guard let next = line.scalar(at: close.end) else { return nil }
        if !next.isSpace { return isCutWithoutSpace(close, before: next) ? close.end : nil }
        close.closeAfterSpace()
        // Quotes alone are no sentence.
        let rest = line.skip(close.end, reach: 8) { $0.isClosing || $0.isSpace }
        guard rest < line.end else { return nil }
        let follower = Follower(line: line, at: close.end)
        return ends(close, before: follower) ? close.end : nil
    }

    /// Whether there is a letter or digit in the sentence so far: "..." alone is no sentence.
    private var hasWords: Bool {
        let marks = line.skipBack(start..<run.range.lowerBound, reach: 8) { !$0.isAlphanumeric }
        return marks > start
    }

    /// Whether the sentence ends here, with a space after it.
    private func ends(_ close: SentenceClose, before follower: Follower) -> Bool {
        if follower.continuesSentence { return false }
        switch run.kind {
        case .strong:
            // “Why?” he asked. – Why? – he asked.
            if follower.kind == .lower, close.isClosed || follower.hasDash { return false }
            if !close.isClosed, follower.kind != .none, LanguageRules.exclaimingNames.contains(word.text) {
                return isStarter(follower)
            }
            return true
        case .ellipsis:
            if isOmission(close) { return false }
            switch follower.kind {
            case .lower: return false
            // Scripts without capitals do not say.
            case .caseless: return follower.isUnspaced
            default: return true
            }
        case .fullStop:
            if follower.kind == .lower { return false }
            let isBracketed = close.isBracketed
            if close.isClosed && !isBracketed { return true }
            return !FullStop(line: line, start: start, end: run.range.lowerBound, rules: rules).shortens(
                before: follower, isBracketed: isBracketed)
        }
    }

    /// "(...)" stands for words that were left out.
    private func isOmission(_ close: SentenceClose) -> Bool {
        guard close.isBracketed, let last = line.last(of: start..<run.range.lowerBound) else { return false }
        return last.isOpeningBracket
    }

    /// 《你好！李焕英》 is one name.
    private var isInTitle: Bool {
        guard quotes.titles > 0 else { return false }
        return line.scalar(at: line.skip(run.range.upperBound, reach: 24) { $0 != "》" && $0 != "《" }) == "》"
    }

    private func isStarter(_ follower: Follower) -> Bool { follower.isStarter(rules) }

    private var word: (text: String, start: Int) {
        let begin = line.skipBack(start..<run.range.lowerBound, reach: 32) { !$0.isSpace && !$0.isOpening }
        return (line.text(begin..<run.range.lowerBound), begin)
    }

    // MARK: - No space

    private func isCutWithoutSpace(_ close: SentenceClose, before next: Unicode.Scalar) -> Bool {
        if next.continuesSentence || next.isTerminator { return false }
        let previous = line.last(of: start..<run.range.lowerBound)
        if run.kind != .ellipsis, next.isUnspaced || previous?.isUnspaced == true || !run.isASCII {
            if isInTitle || close.isClosed && JapaneseParticle.follows(close.end, in: line) { return false }
            // "中国.com", "第3.5".
            return run.kind != .fullStop || !(next.isLower || next.isDigit || next.isSymbolOfAddress)
        }
        return GluedSentence(line: line, run: run, start: start, next: close.end, rules: rules).isCut
    }
}

extension Unicode.Scalar {
    fileprivate var isSymbolOfAddress: Bool { self == "/" || self == "@" || self == "-" || self == "_" }
}
