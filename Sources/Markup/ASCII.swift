extension UInt8 {
    static let newline = UInt8(ascii: "\n")

    /// White space in tags and between words: HTML's "ASCII whitespace" (infra.spec.whatwg.org), of which XML lacks U+000C.
    var isSpace: Bool { self == 0x20 || self == 0x09 || self == 0x0A || self == 0x0C || self == 0x0D }
    var isLetter: Bool { (0x61...0x7A).contains(self | 0x20) }
    var isDigit: Bool { (0x30...0x39).contains(self) }
    var lowercased: UInt8 { (0x41...0x5A).contains(self) ? self | 0x20 : self }

    /// What may begin a name in XML; all that is not in ASCII is taken for a letter.
    var beginsName: Bool { isLetter || self == UInt8(ascii: "_") || self == UInt8(ascii: ":") || self >= 0x80 }
}

extension [UInt8] {
    func has(_ word: StaticString, at place: Int, ignoringCase: Bool = false) -> Bool {
        let count = word.utf8CodeUnitCount
        guard place >= 0, place + count <= self.count else { return false }
        return (0..<count).allSatisfy {
            let expected = word.utf8Start[$0], found = self[place + $0]
            return expected == found || ignoringCase && expected.lowercased == found.lowercased
        }
    }

    /// Where a word begins, at or after a place.
    func find(_ word: StaticString, from place: Int) -> Int? {
        let first = word.utf8Start[0]
        var at = place
        while let next = self[Swift.min(at, count)...].firstIndex(of: first) {
            if has(word, at: next) { return next }
            at = next + 1
        }
        return nil
    }

    func text(_ range: Range<Int>) -> String { String(decoding: self[range], as: UTF8.self) }
}
