/// What follows the end of a sentence: the next word, and the marks before it.
struct Follower {
    enum Kind {
        case lower, upper, digit
        /// A letter of a script without capitals.
        case caseless
        /// No word near.
        case none
    }

    private let line: LineScalars
    /// Of the first letter or digit.
    let kind: Kind
    /// Whether a dash stands before it.
    let hasDash: Bool
    /// Whether a mark comes first that goes on with the sentence.
    let continuesSentence: Bool
    /// The first word: letters and digits without a mark between.
    private let range: Range<Int>

    init(line: LineScalars, at offset: Int) {
        self.line = line
        var (position, hasDash, isQuoted, continues) = (offset, false, true, false)
        var left = 24
        while left > 0, let next = line.scalar(at: position), !next.isAlphanumeric {
            // ",," opens quotes in typewriters' texts.
            let isLowQuote = next == "," && line.scalar(at: line.after(position)) == ","
            if position > offset, let after = Self.ellipsis(in: line, at: position) {
                // "... Then": words were left out.
                position = after
                continue
            }
            if isQuoted, !isLowQuote, next.isTerminator || next.continuesSentence { continues = true }
            if next.isTerminator { break }
            hasDash = hasDash || next.isDash
            isQuoted = isQuoted && (next.isClosing || next == "`")
            position = line.after(position)
            if isLowQuote { position = line.after(position) }
            left -= 1
        }
        kind = Self.kind(line.scalar(at: position))
        range = position..<line.skip(position, reach: 24) { $0.isAlphanumeric || $0.isMark }
        self.hasDash = hasDash
        continuesSentence = continues
    }

    /// The end of an ellipsis.
    private static func ellipsis(in line: LineScalars, at offset: Int) -> Int? {
        if line.scalar(at: offset) == "…" { return line.after(offset) }
        let end = line.skip(offset, reach: 4) { $0 == "." }
        return end - offset >= 3 ? end : nil
    }

    private static func kind(_ scalar: Unicode.Scalar?) -> Kind {
        guard let scalar, scalar.isAlphanumeric else { return .none }
        if scalar.isDigit { return .digit }
        if scalar.isUpper { return .upper }
        return scalar.isLower ? .lower : .caseless
    }

    var word: String { line.text(range) }

    /// Whether a full stop follows the word.
    var hasFullStop: Bool { line.scalar(at: range.upperBound) == "." }

    /// Whether the word is one letter with a full stop.
    var isShortened: Bool { hasFullStop && kind != .digit && isOneLetter }

    var isOneLetter: Bool {
        kind != .none && line.skip(line.after(range.lowerBound), while: \.isMark) == range.upperBound
    }

    var isUnspaced: Bool { line.scalar(at: range.lowerBound)?.isUnspaced == true }

    /// Whether the word is a Roman number: "Vol. II".
    var isRoman: Bool { kind == .upper && word.isRomanNumber }

    /// Whether sentences begin with the word.
    func isStarter(_ rules: LanguageRules) -> Bool {
        guard kind == .upper, !isShortened else { return false }
        switch line.scalar(at: range.upperBound) {
        case "'", "’":
            // "L'eau", "It's".
            return rules.isStarter(word + "'") || rules.isStarter(word)
        case "-":
            // Romanian "S-a".
            let end = line.skip(range.upperBound, reach: 12) { $0.isAlphanumeric || $0 == "-" }
            return rules.isStarter(line.text(range.lowerBound..<end))
        default:
            return rules.isStarter(word)
        }
    }
}

extension String {
    var isRomanNumber: Bool {
        (1...7).contains(utf8.count) && utf8.allSatisfy { "IVXLCDM".utf8.contains($0) }
    }
}
