/// Which runs of `*`, `_` and `~` are emphasis, strong emphasis and strikethrough (CommonMark 0.31, 6.2 and the appendix).
struct MarkdownEmphasis {
    private struct Run {
        var mark: UInt8
        var range: Range<Int>
        var count: Int
        var canOpen: Bool
        var canClose: Bool
        var isOver = false
    }

    private let text: [UInt8]
    private var runs: [Run] = []

    init(_ text: [UInt8]) { self.text = text }

    var count: Int { runs.count }

    /// - Returns: After the run.
    mutating func addRun(at position: Int) -> Int {
        let mark = text[position]
        let end = position + text[position...].prefix { $0 == mark }.count
        let before = scalar(before: position), after = scalar(after: end)
        let isSpaceBefore = before.map(\.properties.isWhitespace) ?? true,
            isSpaceAfter = after.map(\.properties.isWhitespace) ?? true
        let isMarkBefore = before.map(Self.isPunctuation) ?? false, isMarkAfter = after.map(Self.isPunctuation) ?? false
        let isLeft = !isSpaceAfter && (!isMarkAfter || isSpaceBefore || isMarkBefore)
        let isRight = !isSpaceBefore && (!isMarkBefore || isSpaceAfter || isMarkAfter)
        let isUnderscore = mark == UInt8(ascii: "_")
        runs.append(
            Run(
                mark: mark, range: position..<end, count: end - position,
                canOpen: isLeft && (!isUnderscore || !isRight || isMarkBefore),
                canClose: isRight && (!isUnderscore || !isLeft || isMarkAfter)))
        return end
    }

    private func scalar(before position: Int) -> Unicode.Scalar? {
        position == 0 ? nil : String(decoding: text[..<position].suffix(4), as: UTF8.self).unicodeScalars.last
    }

    private func scalar(after position: Int) -> Unicode.Scalar? {
        String(decoding: text[position...].prefix(4), as: UTF8.self).unicodeScalars.first
    }

    private static func isPunctuation(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation, .initialPunctuation,
            .finalPunctuation, .otherPunctuation, .mathSymbol, .currencySymbol, .modifierSymbol, .otherSymbol:
            true
        default: false
        }
    }

    /// The pairs among the runs from `first` on, which are done with afterwards.
    mutating func take(from first: Int) -> [(open: Range<Int>, close: Range<Int>)] {
        var pairs: [(open: Range<Int>, close: Range<Int>)] = []
        // Below which run there is no opener, for each kind of closer.
        var bottoms: [Int: Int] = [:]
        var closer = first
        while closer < runs.count {
            guard runs[closer].canClose, !runs[closer].isOver, !runs[closer].range.isEmpty else {
                closer += 1
                continue
            }
            let run = runs[closer]
            let kind = Int(run.mark) * 8 + (run.canOpen ? 4 : 0) + run.count % 3
            let bottom = bottoms[kind] ?? first
            guard let opener = (bottom..<max(bottom, closer)).reversed().first(where: { matches($0, run) }) else {
                bottoms[kind] = closer
                closer += 1
                continue
            }
            let length = length(runs[opener], run)
            let open = runs[opener].range, close = run.range
            pairs.append((open.upperBound - length..<open.upperBound, close.lowerBound..<close.lowerBound + length))
            runs[opener].range = open.lowerBound..<open.upperBound - length
            runs[closer].range = close.lowerBound + length..<close.upperBound
            // What is between the two can pair with nothing outside.
            for between in opener + 1..<closer { runs[between].isOver = true }
        }
        runs.removeSubrange(first...)
        return pairs
    }

    private func length(_ opener: Run, _ closer: Run) -> Int {
        if closer.mark == UInt8(ascii: "~") { return closer.range.count }
        return opener.range.count >= 2 && closer.range.count >= 2 ? 2 : 1
    }

    private func matches(_ index: Int, _ closer: Run) -> Bool {
        let opener = runs[index]
        guard opener.canOpen, !opener.isOver, opener.mark == closer.mark, !opener.range.isEmpty else { return false }
        if closer.mark == UInt8(ascii: "~") {
            return opener.range.count == closer.range.count && closer.range.count <= 2
        }
        // The rule of three: 6.2, rules 9 and 10.
        let isOdd = (opener.canClose || closer.canOpen) && (opener.count + closer.count) % 3 == 0
        return !isOdd || opener.count % 3 == 0 && closer.count % 3 == 0
    }
}
