/// A stretch of a file that is one text, piece by piece, as a format's reader finds it.
///
/// What is at the edges and is not text is taken off: blanks, codes at one place, and codes around the whole. They stay
/// where they are, and the text between them may have no code left.
struct InlineRun {
    struct Span {
        var piece: InlineText.Piece
        /// Where the piece stands in the source. Spans follow each other without a gap.
        var range: Range<Int>
    }

    private(set) var spans: [Span] = []
    /// Whether codes at one place are no words, so that at the edges they are not part of the text.
    var trimsMarks = true

    mutating func add(_ piece: InlineText.Piece, _ range: Range<Int>) { spans.append(Span(piece: piece, range: range)) }

    /// - Parameter source: The bytes that the ranges are of.
    /// - Returns: nil when there is nothing to translate.
    func unit(in source: [UInt8]) -> Unit? {
        var (first, end) = (0, spans.count)
        var spans = spans
        trimming: while first < end {
            switch (spans[first].piece, spans[end - 1].piece) {
            case (.mark, _) where trimsMarks: first += 1
            case (_, .mark) where trimsMarks: end -= 1
            case (.open(let opened), .close(let closed)) where opened == closed:
                first += 1
                end -= 1
            case (.open(let opened), _)
            where end - first > 1 && spans[first + 1].piece == .close(opened):
                first += 2
            case (_, .close(let closed)) where end - first > 1 && spans[end - 2].piece == .open(closed):
                end -= 2
            case (.text(let text), _) where text.isEmpty || Self.isBlank(spans[first].range.lowerBound, source):
                if Self.dropFirst(&spans[first], source) { first += 1 }
            case (_, .text(let text)) where text.isEmpty || Self.isBlank(spans[end - 1].range.upperBound - 1, source):
                if Self.dropLast(&spans[end - 1], source) { end -= 1 }
            default: break trimming
            }
        }
        guard first < end else { return nil }
        var pieces: [InlineText.Piece] = []
        for span in spans[first..<end] {
            if case .text(let text) = span.piece, case .text(let before)? = pieces.last {
                pieces[pieces.count - 1] = .text(before + text)
            } else {
                pieces.append(span.piece)
            }
        }
        let text = InlineText(pieces)
        guard text.hasLetters else { return nil }
        var codes: [InlineText.Piece: [UInt8]] = [:]
        for span in spans[first..<end] {
            if case .text = span.piece { continue }
            codes[span.piece] = Array(source[span.range])
        }
        return Unit(text: text, range: spans[first].range.lowerBound..<spans[end - 1].range.upperBound, codes: codes)
    }

    /// A text of a file, without what is around it.
    struct Unit {
        var text: InlineText
        var range: Range<Int>
        /// What stands in the source for each piece that is a code.
        var codes: [InlineText.Piece: [UInt8]]
    }

    private static func isBlank(_ offset: Int, _ source: [UInt8]) -> Bool {
        source[offset] == 0x20 || (0x09...0x0D).contains(source[offset])
    }

    /// - Returns: Whether nothing is left.
    private static func dropFirst(_ span: inout Span, _ source: [UInt8]) -> Bool {
        guard case .text(var text) = span.piece, !text.isEmpty, span.range.count > 1 else { return true }
        // CR LF is one character, and may be one blank.
        text.unicodeScalars.removeFirst()
        span = Span(piece: .text(text), range: span.range.lowerBound + 1..<span.range.upperBound)
        return false
    }

    private static func dropLast(_ span: inout Span, _ source: [UInt8]) -> Bool {
        guard case .text(var text) = span.piece, !text.isEmpty, span.range.count > 1 else { return true }
        text.unicodeScalars.removeLast()
        span = Span(piece: .text(text), range: span.range.lowerBound..<span.range.upperBound - 1)
        return false
    }
}
