/// The places where a stretch of text can be cut in two, sought outwards from a target.
struct CutPoints {
    private let text: Substring
    private let scalars: Substring.UnicodeScalarView
    private let target: Substring.Index

    /// - Parameters:
    ///   - text: not empty.
    ///   - target: the byte of the text where a cut would be best.
    init(text: Substring, target: Int) {
        self.text = text
        scalars = text.unicodeScalars
        let byte = text.utf8.index(text.startIndex, offsetBy: target)
        // The scalar that holds the byte.
        self.target = scalars.index(before: scalars.index(after: byte))
    }

    /// The nearest place between clauses, at most `reach` bytes away.
    func clause(reach: Int) -> Substring.Index? { nearest(reach: reach, where: isClauseStart) }

    /// The nearest place between words, at most `reach` bytes away. Spaces that forbid a break (U+00A0, "10 000 km")
    /// count only where there are no others.
    func word(reach: Int) -> Substring.Index? {
        nearest(reach: reach) { isStart(of: $0, after: \.isBreakingSpace) }
            ?? nearest(reach: reach) { isStart(of: $0, after: \.properties.isWhitespace) }
    }

    /// The nearest place between characters, or between scalars when the text is one character.
    var character: Substring.Index? {
        let end = text.index(after: target)
        let start = text.index(before: end)
        if start > text.startIndex { return start }
        if end < text.endIndex { return end }
        return nearest(reach: .max) { _ in true }
    }

    /// The nearest position inside the text that `accepts`, going one scalar to either side at a time.
    private func nearest(reach: Int, where accepts: (Substring.Index) -> Bool) -> Substring.Index? {
        var (before, after) = (target, target)
        let utf8 = text.utf8
        while true {
            let (left, right) = (before > text.startIndex, after < text.endIndex)
            if left, before < text.endIndex, accepts(before) { return before }
            if right, after > text.startIndex, accepts(after) { return after }
            if left { scalars.formIndex(before: &before) }
            if right { scalars.formIndex(after: &after) }
            let goesLeft = left && utf8.distance(from: before, to: target) <= reach
            let goesRight = right && utf8.distance(from: target, to: after) <= reach
            if !goesLeft && !goesRight { return nil }
            if !goesLeft { before = text.startIndex }
            if !goesRight { after = text.endIndex }
        }
    }

    /// Whether the position follows a space of a kind and precedes no space.
    private func isStart(of position: Substring.Index, after isSpace: (Unicode.Scalar) -> Bool) -> Bool {
        isSpace(scalars[scalars.index(before: position)]) && !scalars[position].properties.isWhitespace
    }

    private func isClauseStart(_ position: Substring.Index) -> Bool {
        let next = scalars[position]
        if next.properties.isWhitespace { return false }
        var before = scalars[..<position]
        let spaced = before.last?.properties.isWhitespace == true
        while before.last?.properties.isWhitespace == true { before.removeLast() }
        guard spaced else { return before.last?.isUnspacedClauseEnd == true && !next.endsClause && !next.isClosing }

        if next.properties.generalCategory == .openPunctuation { return true }
        var closed = false
        while let last = before.last, last.isClosing {
            closed = closed || last.properties.generalCategory == .closePunctuation
            before.removeLast()
        }
        guard let last = before.last else { return false }
        if last == "-" || last == "–" { return before.dropLast().last?.properties.isWhitespace == true }
        return closed || last.endsClause
    }
}

extension Unicode.Scalar {
    /// White space at which a line may be broken.
    fileprivate var isBreakingSpace: Bool {
        properties.isWhitespace && !["\u{A0}", "\u{2007}", "\u{202F}"].contains(self)
    }

    /// Punctuation after which, with a space, a clause may start. A full stop is not among them: ICU ends sentences at
    /// those that end one, and the others shorten words.
    fileprivate var endsClause: Bool {
        switch self {
        case ",", ";", ":", "!", "?", "—", "…", "،", "؛", "؟", "·", "।", "።", "፣", "፤", "՝": true
        default: isUnspacedClauseEnd
        }
    }

    /// Punctuation after which a clause may start without a space.
    fileprivate var isUnspacedClauseEnd: Bool {
        switch self {
        case "、", "，", "；", "：", "。", "！", "？", "）", "」", "』", "】", "》", "—", "､", "｡": true
        default: false
        }
    }
}
