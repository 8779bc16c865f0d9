/// What stands at the edges of a segment and cannot be translated: it stays outside, and is put back as it is.
package struct SegmentEdges: Sendable {
    /// With the white space between them and the words.
    package let leading: String
    package let trailing: String
    /// What is left to translate.
    package let body: Substring
    /// The spans that are in the body.
    package let inner: Range<Int>

    /// - Parameters:
    ///   - text: has a letter or a digit outside of the spans.
    ///   - spans: those of the text, in order.
    package init(of text: Substring, spans: [ProtectedSpan]) {
        let scalars = text.unicodeScalars
        var (begin, end) = (text.startIndex, text.endIndex)
        var (first, last) = (0, spans.count)
        while first < last, scalars[begin..<spans[first].text.startIndex].allSatisfy(\.isSpace),
            Self.isCut(scalars, at: spans[first].text.endIndex)
        {
            begin = spans[first].text.endIndex
            first += 1
        }
        while first < last, scalars[spans[last - 1].text.endIndex..<end].allSatisfy(\.isSpace),
            Self.isCut(scalars, at: spans[last - 1].text.startIndex)
        {
            last -= 1
            end = spans[last].text.startIndex
        }
        // The space beside a span goes with it; without one there is nothing to keep.
        if first > 0 { begin = scalars[begin..<end].firstIndex { !$0.isSpace } ?? end }
        if last < spans.count, let word = scalars[begin..<end].lastIndex(where: { !$0.isSpace }) {
            end = scalars.index(after: word)
        }
        leading = String(text[..<begin])
        trailing = String(text[end...])
        body = text[begin..<end]
        inner = first..<last
    }

    /// Whether no word goes over a place.
    private static func isCut(_ scalars: Substring.UnicodeScalarView, at place: Substring.Index) -> Bool {
        guard place > scalars.startIndex, place < scalars.endIndex else { return true }
        return !scalars[scalars.index(before: place)].isAlphanumeric || !scalars[place].isAlphanumeric
    }
}
