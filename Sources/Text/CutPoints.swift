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
            ?? nearest(reach: reach) { isStart(of: $0, after: \.isSpace) }
    }

    /// A place between characters near the target, or between scalars where a character is very long.
    var character: Substring.Index? {
        let window = window
        // A copy, because a substring's characters are sought through the whole of the string under it.
        let copy = String(window)
        let offset = text.utf8.distance(from: window.startIndex, to: target)
        let end = copy.index(after: copy.utf8.index(copy.startIndex, offsetBy: offset))
        let start = copy.index(before: end)
        for position in [start, end] where position > copy.startIndex && position < copy.endIndex {
            let offset = copy.utf8.distance(from: copy.startIndex, to: position)
            return text.utf8.index(window.startIndex, offsetBy: offset)
        }
        return nearest(reach: .max) { _ in true }
    }

    /// The surroundings of the target in which characters are told apart. The standard library looks back from a mark
    /// to the start of all marks before it, mark by mark: in a text of marks only, that is quadratic.
    private var window: Substring {
        let utf8 = text.utf8
        let reach = 512
        var start = utf8.index(target, offsetBy: -reach, limitedBy: text.startIndex) ?? text.startIndex
        let end = utf8.index(target, offsetBy: reach, limitedBy: text.endIndex) ?? text.endIndex
        // To whole scalars, and to the first of a run of flags, which are pairs from there on.
        if start > text.startIndex { scalars.formIndex(before: &start) }
        while start > text.startIndex, scalars[start].isRegionalIndicator { scalars.formIndex(before: &start) }
        return text[start..<(end < text.endIndex ? scalars.index(after: end) : end)]
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
        isSpace(scalars[scalars.index(before: position)]) && !scalars[position].isSpace
    }

    private func isClauseStart(_ position: Substring.Index) -> Bool {
        let next = scalars[position]
        if next.isSpace { return false }
        var before = scalars[..<position]
        let spaced = before.last?.isSpace == true
        while before.last?.isSpace == true { before.removeLast() }
        guard spaced else { return before.last?.endsUnspacedClause == true && !next.endsClause && !next.isClosing }

        if next.isOpeningBracket { return true }
        var closed = false
        while let last = before.last, last.isClosing {
            closed = closed || last.isClosingBracket
            before.removeLast()
        }
        guard let last = before.last else { return false }
        if last == "-" || last == "–" { return before.dropLast(1).last?.isSpace == true }
        return closed || last.endsClause
    }
}
