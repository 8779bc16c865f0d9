/// A model's output with the protected texts of its source put right: each is there as often as in the source.
package struct SpanRestoration: Sendable, Equatable {
    package private(set) var text: String
    /// Which of the kept texts were put in or taken out.
    package private(set) var moved: Set<Int> = []
    /// What has made the text of the output, in two steps.
    private var edits: [[TextEdit]] = []

    /// - Parameters:
    ///   - output: what the model has written.
    ///   - standIns: what it was given in the place of texts.
    ///   - wanted: the protected texts that the source has, in its order.
    ///   - place: where the output is to have one of `wanted`, in bytes; asked for those that it lacks.
    package init(
        _ output: String, standIns: [StandIn], kept: KeptTexts, wanted: [ProtectedPlace],
        place: (Int) throws -> Int
    ) rethrows {
        let replaced = StandIn.edits(standIns, in: output)
        text = TextEdit.apply(replaced, to: output)
        let places = kept.places(in: text)
        var left = kept.counts
        let bytes = Array(text.utf8)
        var edits: [TextEdit] = []
        for found in places {
            left[found.index] -= 1
            if left[found.index] < 0 {
                edits.append(.removal(of: found.range, in: bytes))
                moved.insert(found.index)
            }
        }
        // Of several of one text the last are those that lack.
        for (index, span) in wanted.enumerated().reversed() {
            guard let number = kept.index(of: span.text), left[number] > 0 else { continue }
            left[number] -= 1
            moved.insert(number)
            var offset = max(0, min(TextEdit.place(try place(index), after: replaced), bytes.count))
            // Tokens of bytes may end within a scalar.
            while offset < bytes.count, bytes[offset] & 0xC0 == 0x80 { offset += 1 }
            if let inside = places.first(where: { $0.range.lowerBound < offset && offset < $0.range.upperBound }) {
                offset = inside.range.upperBound
            }
            if let removed = edits.first(where: { $0.range.contains(offset) }) { offset = removed.range.upperBound }
            edits.append(TextEdit(range: offset..<offset, replacement: span.put(in: text, at: offset)))
        }
        // Those that were put in at one place are in the order of the source.
        let ordered = edits.enumerated().sorted {
            let (first, second) = ($0.element.range, $1.element.range)
            if first.lowerBound != second.lowerBound { return first.lowerBound < second.lowerBound }
            return first.isEmpty && second.isEmpty ? $0.offset > $1.offset : first.isEmpty && !second.isEmpty
        }
        text = TextEdit.apply(ordered.map(\.element), to: text)
        self.edits = [replaced, ordered.map(\.element)]
    }

    /// Where the text has what the output has at a place.
    package func place(_ range: Range<Int>) -> Range<Int> { edits.reduce(range) { TextEdit.range($0, after: $1) } }
}

/// A protected text and what stands beside it in its source.
package struct ProtectedPlace: Sendable, Equatable {
    package let text: String
    private let hasSpaceBefore: Bool

    package init(_ span: Substring, in source: Substring) {
        text = String(span)
        hasSpaceBefore = source[..<span.startIndex].unicodeScalars.last?.isSpace ?? true
    }

    /// The text with the spaces that it needs at a place of another.
    fileprivate func put(in output: String, at offset: Int) -> String {
        let place = output.utf8.index(output.startIndex, offsetBy: offset)
        let before = output[..<place].unicodeScalars.last
        let after = output[place...].unicodeScalars.first
        var result = text
        if let before, !before.isSpace, !before.isUnspaced, !before.isOpeningBracket,
            hasSpaceBefore || before.isAlphanumeric && text.unicodeScalars.first?.isAlphanumeric == true
        {
            result = " " + result
        }
        if let after, after.isAlphanumeric || after.isOpeningBracket, !after.isUnspaced { result += " " }
        return result
    }
}
