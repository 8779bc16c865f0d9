/// What a text is made of for marks: words, numbers, and characters that are in none. No mark stands within a unit.
package enum TextUnits {
    /// The units of a text, in bytes.
    /// - Parameter cuts: further places where a unit ends, in order.
    package static func ranges(of text: String, cuts: [Int] = []) -> [Range<Int>] {
        var units: [Range<Int>] = []
        var place = 0
        var last: WordPart?
        var cuts = cuts[...]
        for character in text {
            let end = place + character.utf8.count
            while let cut = cuts.first, cut < place { cuts.removeFirst() }
            let isCut = cuts.first == place
            let part = character.wordPart
            if part != nil, part == last, !isCut {
                units[units.count - 1] = units[units.count - 1].lowerBound..<end
            } else if !character.isWhitespace {
                units.append(place..<end)
            }
            last = part
            place = end
        }
        return units
    }
}

private enum WordPart { case letters, digits }

extension Character {
    /// nil for what is a unit by itself: marks, and letters of scripts that have no spaces, as any of these may be a word.
    fileprivate var wordPart: WordPart? {
        guard let scalar = unicodeScalars.first else { return nil }
        if scalar.isASCII {
            let byte = UInt8(ascii: scalar)
            return byte.isLetter ? .letters : byte.isDigit ? .digits : nil
        }
        switch scalar.value {
        // Thai to Myanmar, Khmer, kana to ideographs, compatibility ideographs, half-width kana, further planes of them
        case 0x0E00...0x109F, 0x1780...0x17FF, 0x2E80...0xA4CF, 0xF900...0xFAFF, 0xFF66...0xFF9F, 0x20000...0x3FFFF:
            return nil
        default: return isLetter ? .letters : isNumber ? .digits : nil
        }
    }
}
