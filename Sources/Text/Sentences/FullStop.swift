/// One full stop before a space, which ends a sentence or shortens the word before it.
struct FullStop {
    private let line: LineScalars
    private let rules: LanguageRules
    /// Where the sentence begins.
    private let start: Int
    /// The word before the full stop, with full stops inside, and without quotes and brackets before it.
    private let range: Range<Int>
    private let word: String

    init(line: LineScalars, start: Int, end: Int, rules: LanguageRules) {
        self.line = line
        self.rules = rules
        self.start = start
        let begin = line.skipBack(start..<end, reach: 32) { !$0.isSpace && !$0.isOpening }
        range = begin..<end
        word = line.text(range)
    }

    /// Whether the full stop shortens the word, so that the sentence goes on.
    ///
    /// - Parameters:
    ///   - follower: what follows; its first letter is no small one.
    ///   - isBracketed: whether a bracket follows the full stop: an abbreviation is rather its last word, "(U.S.) Senate".
    func shortens(before follower: Follower, isBracketed: Bool) -> Bool {
        guard let first = word.unicodeScalars.first else { return false }
        if first.isDigit, word.unicodeScalars.allSatisfy({ $0.isDigit || $0 == "." }) {
            return isNumberGoingOn(before: follower)
        }
        let words = chains
        if follower.hasFullStop, !follower.hasDash {
            // "z. B."
            let next = follower.word
            if words.contains(where: { rules.isBeginning("\($0).\(next)") }) { return true }
        }
        switch abbreviation(words) {
        case .always: return true
        case .usually: return goesOn(follower)
        case .date: return isDateGoingOn(before: follower)
        case .never: return false
        case .beforeNumber:
            if follower.kind == .digit || follower.isRoman && !follower.isStarter(rules) { return true }
        case nil: break
        }
        return isShortByForm(first, before: follower)
    }

    /// Whether no sentence is known to begin with what follows.
    private func goesOn(_ follower: Follower) -> Bool {
        follower.kind != .none && !follower.hasDash && !follower.isStarter(rules)
    }

    /// "W 1839 r. Chiny", "г. Москва", but "Zmarł w swoim domu w Krakowie w 1399 r. Pochowano go tam."
    private func isDateGoingOn(before follower: Follower) -> Bool {
        if follower.kind == .digit { return true }
        let isAfterNumber =
            line.last(of: start..<line.skipBack(start..<range.lowerBound, while: \.isSpace))?.isDigit ?? false
        if !isAfterNumber && !word.contains(".") && chains.count == 1 { return goesOn(follower) }
        return wordsBefore(limit: 6) < 6 && goesOn(follower)
    }

    /// How many words of the sentence stand before this one, as far as `limit`.
    private func wordsBefore(limit: Int) -> Int {
        var (count, end) = (0, range.lowerBound)
        while count < limit {
            let space = line.skipBack(start..<end, reach: 4, while: { !$0.isAlphanumeric })
            let word = line.skipBack(start..<space, reach: 32) { !$0.isSpace }
            if word == space { break }
            (count, end) = (count + 1, word)
        }
        return count
    }

    /// Whether nothing of the sentence stands before the word.
    private var isFirst: Bool { line.skipBack(start..<range.lowerBound, reach: 8) { !$0.isAlphanumeric } == start }

    // MARK: - Words of the table

    /// The word, and with the abbreviations before it, as if there were no spaces: "e", "n.e", "p.n.e".
    private var chains: [String] {
        var chains = [word]
        var begin = range.lowerBound
        while chains.count < 4 {
            let space = line.skipBack(start..<begin, reach: 2, while: \.isSpace)
            guard space < begin, line.last(of: start..<space) == "." else { break }
            let stop = line.before(space)
            let previous = line.skipBack(start..<stop, reach: 6) { $0.isAlphanumeric || $0.isMark }
            guard previous < stop else { break }
            if previous > start, let before = line.last(of: start..<previous), !before.isSpace, !before.isOpening {
                break
            }
            chains.append("\(line.text(previous..<stop)).\(chains[chains.count - 1])")
            begin = previous
        }
        return chains
    }

    /// What the table has of the longest of the chains, or of what follows a hyphen or a full stop in it: "Dipl.-Ing.", "so.Mr."
    private func abbreviation(_ chains: [String]) -> LanguageRules.Abbreviation? {
        for chain in chains.dropFirst().reversed() {
            if let known = rules.abbreviations[chain] { return known }
        }
        if let known = rules.abbreviation(word, isFirst: isFirst) { return known }
        guard let mark = word.lastIndex(where: { $0 == "-" || $0 == "." }) else { return nil }
        return rules.abbreviation(String(word[word.index(after: mark)...]), isFirst: false)
    }

    // MARK: - Numbers

    private func isNumberGoingOn(before follower: Follower) -> Bool {
        let digits = word.utf8.count
        // "1. Introduction": a number that is the whole sentence so far counts a list.
        if isFirst { return digits <= 5 || word.contains(".") }
        guard rules.hasOrdinals, digits <= 2, !word.contains("."), !isScore else { return false }
        switch follower.kind {
        // "3. 12. 2004".
        case .digit: return follower.hasFullStop
        // "am 3. Mai".
        case .upper: return !follower.hasDash && !follower.isStarter(rules)
        default: return false
        }
    }

    /// "3–0.", "12,5."
    private var isScore: Bool {
        guard let mark = line.last(of: start..<range.lowerBound), !mark.isSpace else { return false }
        return line.last(of: start..<line.before(range.lowerBound))?.isDigit ?? false
    }

    // MARK: - Forms

    private func isShortByForm(_ first: Unicode.Scalar, before follower: Follower) -> Bool {
        let scalars = word.unicodeScalars
        if scalars.dropFirst().allSatisfy(\.isMark), first.properties.isAlphabetic {
            return isInitial(first, before: follower)
        }
        if word.isRomanNumber {
            // "II. Kapitel", "Ludwig XIV. von Frankreich".
            return isFirst || rules.hasOrdinals && follower.kind != .digit && goesOn(follower)
        }
        if scalars.contains(".") {
            let parts = scalars.split(separator: ".")
            // "U.S. Senate", "Ph.D. thesis", "a.k.a. Smith".
            let isAcronym = scalars.last?.isUpper == true && parts.allSatisfy { $0.count <= 2 }
            let isLetters = parts.allSatisfy { $0.count == 1 && $0.first?.properties.isAlphabetic == true }
            return (isAcronym || isLetters) && goesOn(follower)
        }
        guard (2...5).contains(scalars.count), scalars.allSatisfy(\.isLower) else { return false }
        // "(lat. Iohannes)": one short word is no sentence.
        if line.last(of: start..<range.lowerBound) == "(" { return follower.kind != .none }
        return rules.hasVowels && word.hasNoVowel && !isUnit && goesOn(follower)
    }

    /// Whether one letter with a full stop goes on: "J. R. R. Tolkien", "z. B. Hunde", "c. 1818", "a. First".
    private func isInitial(_ letter: Unicode.Scalar, before follower: Follower) -> Bool {
        if letter.isUpper {
            if isFirst { return true }
            if follower.isStarter(rules) { return LanguageRules.nameParticles.contains(follower.word) }
            return true
        }
        // Arabic and Hebrew: a letter alone is hardly a word.
        guard letter.isLower else { return (0x590..<0x700).contains(letter.value) && word.unicodeScalars.count == 1 }
        if isFirst || follower.kind == .digit || follower.isShortened { return true }
        return follower.kind != .none && isAfterShortened
    }

    /// Whether one letter with a full stop stands before the word.
    private var isAfterShortened: Bool {
        let space = line.skipBack(start..<range.lowerBound, while: \.isSpace)
        guard line.last(of: start..<space) == "." else { return false }
        let stop = line.before(space)
        guard let letter = line.last(of: start..<stop), letter.properties.isAlphabetic else { return false }
        return line.last(of: start..<line.before(stop)).map { $0.isSpace || $0.isOpening || $0 == "." } ?? true
    }

    /// "50 km": what measures a number ends sentences like any word.
    private var isUnit: Bool {
        if [
            "tv", "pc", "cd", "dvd", "sms", "pdf", "html", "xml", "sql", "hm", "hmm", "pst", "psst", "shh", "brr",
            "grr",
        ]
        .contains(word) {
            return true
        }
        return line.last(of: start..<line.skipBack(start..<range.lowerBound, while: \.isSpace))?.isDigit ?? false
    }
}

extension String {
    /// Whether the word is of Latin letters and none of them is a vowel.
    fileprivate var hasNoVowel: Bool {
        unicodeScalars.allSatisfy { scalar in
            if scalar.isASCII { return !"aeiouy".unicodeScalars.contains(scalar) }
            // Letters with marks are consonants only in these.
            return "çčćďđğłľĺňńñŕřśšşșťţțźžżß".unicodeScalars.contains(scalar)
        }
    }
}
