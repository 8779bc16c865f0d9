import Translations

/// Characters that are written by name or number.
enum CharacterReferences {
    /// What a reference stands for.
    struct Match {
        var text: String
        /// With the `&` and the semicolon.
        var length: Int
    }

    /// The reference at an `&`; nil if there is no reference, or an unknown one.
    static func match(_ bytes: [UInt8], _ range: Range<Int>, _ language: MarkupLanguage) -> Match? {
        let begin = range.lowerBound + 1
        guard begin < range.upperBound else { return nil }
        if bytes[begin] == UInt8(ascii: "#") { return number(bytes, range, language) }
        let name = bytes[begin..<min(range.upperBound, begin + nameLimit)].prefix { $0.isLetter || $0.isDigit }
        let isEnded = name.endIndex < range.upperBound && bytes[name.endIndex] == UInt8(ascii: ";")
        let whole = String(decoding: name, as: UTF8.self)
        switch language {
        case .xml:
            guard isEnded, let text = predefined[whole] else { return nil }
            return Match(text: text, length: name.count + 2)
        case .html:
            if isEnded, let entry = known[whole] { return Match(text: entry.text, length: name.count + 2) }
            // The longest of the old names that need no semicolon.
            var prefix = name
            while !prefix.isEmpty {
                if let entry = known[String(decoding: prefix, as: UTF8.self)], entry.isOld {
                    return Match(text: entry.text, length: prefix.count + 1)
                }
                prefix = prefix.dropLast()
            }
            return nil
        }
    }

    /// Whether a stretch looks like a reference, of whatever name.
    static func unknownLength(_ bytes: [UInt8], _ range: Range<Int>) -> Int? {
        let begin = range.lowerBound + 1
        let name = bytes[begin..<min(range.upperBound, begin + 64)].prefix {
            $0.beginsName || $0.isDigit || $0 == UInt8(ascii: "#") || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "-")
        }
        guard !name.isEmpty, name.endIndex < range.upperBound, bytes[name.endIndex] == UInt8(ascii: ";") else {
            return nil
        }
        return name.count + 2
    }

    /// Whether text of XML has more than white space, however that is written.
    static func hasWords(_ bytes: [UInt8], _ range: Range<Int>) -> Bool {
        var at = range.lowerBound
        while at < range.upperBound {
            if bytes[at] == UInt8(ascii: "&"), let match = match(bytes, at..<range.upperBound, .xml),
                match.text.allSatisfy(\.isWhitespace)
            {
                at += match.length
            } else if bytes[at].isSpace {
                at += 1
            } else {
                return true
            }
        }
        return false
    }

    private static func number(_ bytes: [UInt8], _ range: Range<Int>, _ language: MarkupLanguage) -> Match? {
        var at = range.lowerBound + 2
        guard at < range.upperBound else { return nil }
        let isHexadecimal = bytes[at] == UInt8(ascii: "x") || language == .html && bytes[at] == UInt8(ascii: "X")
        if isHexadecimal { at += 1 }
        let digits = bytes[at..<min(range.upperBound, at + digitLimit)].prefix {
            $0.isDigit || isHexadecimal && (0x61...0x66).contains($0 | 0x20)
        }
        let isEnded = digits.endIndex < range.upperBound && bytes[digits.endIndex] == UInt8(ascii: ";")
        guard isEnded || language == .html,
            let value = UInt32(String(decoding: digits, as: UTF8.self), radix: isHexadecimal ? 16 : 10),
            let scalar = Unicode.Scalar(language == .html ? windows1252[value] ?? value : value), scalar.isText
        else { return nil }
        return Match(text: String(scalar), length: digits.endIndex - range.lowerBound + (isEnded ? 1 : 0))
    }

    /// The longest name has 31 letters.
    private static let nameLimit = 32
    /// More digits than any character's number has, with room for zeros.
    private static let digitLimit = 16

    private static let predefined = ["amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'"]

    private static let known: [String: (text: String, isOld: Bool)] = {
        var known: [String: (text: String, isOld: Bool)] = [:]
        for line in names.split(separator: "\n") {
            let sign = line.firstIndex(of: "=") ?? line.endIndex
            let scalars = line[sign...].dropFirst().split(separator: " ").compactMap {
                UInt32($0, radix: 16).flatMap(Unicode.Scalar.init)
            }
            let isOld = line[..<sign].hasSuffix("?")
            known[String(line[..<sign].dropLast(isOld ? 1 : 0))] = (String(String.UnicodeScalarView(scalars)), isOld)
        }
        return known
    }()

    /// What browsers take 0x80 to 0x9F for (html.spec.whatwg.org, 13.2.5.80).
    private static let windows1252: [UInt32: UInt32] = [
        0x80: 0x20AC, 0x82: 0x201A, 0x83: 0x0192, 0x84: 0x201E, 0x85: 0x2026, 0x86: 0x2020, 0x87: 0x2021, 0x88: 0x02C6,
        0x89: 0x2030, 0x8A: 0x0160, 0x8B: 0x2039, 0x8C: 0x0152, 0x8E: 0x017D, 0x91: 0x2018, 0x92: 0x2019, 0x93: 0x201C,
        0x94: 0x201D, 0x95: 0x2022, 0x96: 0x2013, 0x97: 0x2014, 0x98: 0x02DC, 0x99: 0x2122, 0x9A: 0x0161, 0x9B: 0x203A,
        0x9C: 0x0153, 0x9E: 0x017E, 0x9F: 0x0178,
    ]
}

extension Unicode.Scalar {
    /// Whether a reference may stand for it as a part of words; XML has no other control characters.
    fileprivate var isText: Bool {
        value >= 0x20 && !(0x7F...0x9F).contains(value) && value & 0xFFFE != 0xFFFE || value == 9 || value == 10
            || value == 13
    }
}
