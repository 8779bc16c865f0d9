/// What stands at the edges of a segment and cannot be translated: it stays outside, and is put back as it is.
package struct SegmentEdges: Sendable {
    /// With the white space between them and the words.
    package let leading: String
    package let trailing: String
    /// What is left to translate.
    package let body: Substring

    /// - Parameters:
    ///   - text: has a letter or a digit.
    ///   - isKnown: whether the model's vocabulary has a symbol; asked only of symbols that are no ASCII and no emoji.
    package init<Failure: Error>(
        of text: Substring, isKnown: (Unicode.Scalar) throws(Failure) -> Bool
    ) throws(Failure) {
        let scalars = text.unicodeScalars
        func stays(_ scalar: Unicode.Scalar) throws(Failure) -> Bool {
            if scalar.isASCII { return false }
            if scalar.isEmoji { return true }
            return scalar.isSymbol ? try !isKnown(scalar) : false
        }
        // The space after the last symbol goes with it; without a symbol there is nothing to keep.
        var begin = text.startIndex
        var position = begin
        while position < text.endIndex {
            let scalar = scalars[position]
            let isKept = try stays(scalar)
            if !isKept && !scalar.isSpace { break }
            position = scalars.index(after: position)
            if isKept || begin > text.startIndex { begin = position }
        }
        var end = text.endIndex
        position = end
        while position > begin {
            let previous = scalars.index(before: position)
            let scalar = scalars[previous]
            let isKept = try stays(scalar)
            if !isKept && !scalar.isSpace { break }
            position = previous
            if isKept || end < text.endIndex { end = position }
        }
        leading = String(text[..<begin])
        trailing = String(text[end...])
        body = text[begin..<end]
    }
}

extension Unicode.Scalar {
    fileprivate var isSymbol: Bool {
        switch properties.generalCategory {
        case .otherSymbol, .mathSymbol, .currencySymbol, .modifierSymbol, .privateUse, .unassigned: true
        default: false
        }
    }
}
