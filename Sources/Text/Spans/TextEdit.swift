/// A stretch of a text, in bytes of UTF-8, and what takes its place.
package struct TextEdit: Sendable, Equatable {
    package var range: Range<Int>
    package var replacement: String

    package init(range: Range<Int>, replacement: String) {
        self.range = range
        self.replacement = replacement
    }

    /// Takes a stretch out, with a space beside it.
    static func removal(of range: Range<Int>, in bytes: [UInt8]) -> TextEdit {
        let space = UInt8(ascii: " ")
        var range = range
        if range.lowerBound > 0, bytes[range.lowerBound - 1] == space {
            range = range.lowerBound - 1..<range.upperBound
        } else if range.upperBound < bytes.count, bytes[range.upperBound] == space {
            range = range.lowerBound..<range.upperBound + 1
        }
        return TextEdit(range: range, replacement: "")
    }

    /// The text with edits made.
    ///
    /// - Parameter edits: in order; those of an empty range may begin where others end.
    package static func apply(_ edits: [TextEdit], to text: String) -> String {
        let bytes = Array(text.utf8)
        var result: [UInt8] = []
        var end = 0
        for edit in edits {
            // Of two edits that overlap, the second has less to change.
            result += bytes[end..<max(end, edit.range.lowerBound)]
            result += edit.replacement.utf8
            end = max(end, edit.range.upperBound)
        }
        return String(decoding: result + bytes[end...], as: UTF8.self)
    }

    /// Where a place of the text is after the edits; what was taken out is where its replacement ends.
    package static func place(_ offset: Int, after edits: [TextEdit]) -> Int {
        var moved = offset
        for edit in edits where edit.range.lowerBound < offset {
            moved += edit.replacement.utf8.count - edit.range.count + max(0, edit.range.upperBound - offset)
        }
        return moved
    }

    /// Where a stretch of the text is after the edits.
    package static func range(_ range: Range<Int>, after edits: [TextEdit]) -> Range<Int> {
        let begin = place(range.lowerBound, after: edits)
        return begin..<max(begin, place(range.upperBound, after: edits))
    }

    /// Where the text had a place before the edits; what was put in is where that ends which it took the place of.
    package static func origin(_ offset: Int, before edits: [TextEdit]) -> Int {
        // By how much the text has grown so far.
        var growth = 0
        for edit in edits {
            let begin = edit.range.lowerBound + growth
            if offset <= begin { break }
            if offset < begin + edit.replacement.utf8.count { return edit.range.upperBound }
            growth += edit.replacement.utf8.count - edit.range.count
        }
        return offset - growth
    }

    /// The word that a stretch is part of.
    static func word(around range: Range<Int>, in text: String) -> Range<Int> {
        let scalars = text.unicodeScalars
        var begin = text.utf8.index(text.startIndex, offsetBy: range.lowerBound)
        var end = text.utf8.index(text.startIndex, offsetBy: range.upperBound)
        while begin > scalars.startIndex, scalars[scalars.index(before: begin)].belongsToWord {
            begin = scalars.index(before: begin)
        }
        while end < scalars.endIndex, scalars[end].belongsToWord { end = scalars.index(after: end) }
        return text.utf8.distance(from: text.startIndex, to: begin)..<text.utf8.distance(from: text.startIndex, to: end)
    }
}

extension Unicode.Scalar {
    /// Letters, digits and marks of a script that puts spaces between words.
    package var belongsToWord: Bool { !isUnspaced && (isAlphanumeric || isMark) }

    /// Whether no word, and nothing that is written like one ("l'heure", "a-t-il"), goes over the place between two scalars.
    package static func areApart(_ before: Unicode.Scalar, _ after: Unicode.Scalar) -> Bool {
        if after.belongsToWord { return before.isSpace || before.isUnspaced || before.isOpeningBracket }
        return !before.belongsToWord || !(after == "'" || after == "’" || after.isDash)
    }
}
