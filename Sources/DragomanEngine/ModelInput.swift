import Text

/// What a model is given of a segment: its text, with stand-ins for what the model cannot write, and plain forms of what its
/// vocabulary lacks.
struct ModelInput: Sendable, Equatable {
    let text: String
    private(set) var standIns: [StandIn] = []
    /// Where the text has each of the spans, or its stand-in, in bytes of UTF-8.
    private(set) var places: [Range<Int>] = []
    /// The spans that it has as they are.
    private(set) var own: [Int] = []
    /// What makes the text of the segment's.
    private let edits: [TextEdit]

    /// What is given as it is.
    init(_ text: String = "") {
        self.text = text
        edits = []
    }

    /// - Parameters:
    ///   - body: what is translated.
    ///   - spans: those that it has, in order; two may be the same word.
    ///   - names: of stand-ins for them; where these run out, spans stay.
    init(_ body: Substring, spans: [ProtectedSpan], names: [String] = [], symbols: inout KnownSymbols) throws {
        func offset(_ index: Substring.Index) -> Int { body.utf8.distance(from: body.startIndex, to: index) }
        var names = names[...]
        var edits: [TextEdit] = []
        var ranges: [Range<Int>] = []
        var position = body.startIndex
        for (index, span) in spans.enumerated() {
            let range = offset(span.text.startIndex)..<offset(span.text.endIndex)
            ranges.append(range)
            if index > 0, span.text.startIndex < position { continue }
            edits += try symbols.plainEdits(body[position..<span.text.startIndex], at: offset(position))
            let before = body[..<span.text.startIndex].unicodeScalars.last
            position = span.text.endIndex
            guard let name = names.popFirst() else {
                own.append(index)
                continue
            }
            standIns.append(StandIn(name: name, for: String(span.text)))
            // The name is a word by itself.
            let after = body[position...].unicodeScalars.first
            let replacement =
                (before?.belongsToWord == true ? " " : "") + name + (after?.belongsToWord == true ? " " : "")
            edits.append(TextEdit(range: range, replacement: replacement))
        }
        edits += try symbols.plainEdits(body[position...], at: offset(position))
        self.edits = edits
        text = TextEdit.apply(edits, to: String(body))
        places = ranges.map { TextEdit.range($0, after: edits) }
    }

    /// Where the text has what the segment has at a place.
    func place(_ range: Range<Int>) -> Range<Int> { TextEdit.range(range, after: edits) }

    /// Where the segment has what the text has at a place.
    func origin(_ range: Range<Int>) -> Range<Int> {
        let begin = TextEdit.origin(range.lowerBound, before: edits)
        return begin..<max(begin, TextEdit.origin(range.upperBound, before: edits))
    }
}
