/// Words that a full stop shortens rather than ends: the non-breaking prefixes of one language.
struct Abbreviations {
    /// Never end a sentence that goes on in the same line.
    let always: Set<String>
    /// Do not end a sentence before a number: "No. 5", but "He said no. 5 came."
    let beforeNumber: Set<String>
    /// Whether a number of one or two digits with a full stop is an ordinal: German "am 3. Mai".
    let ordinals: Bool

    /// Lists are words with single spaces between, as in `Abbreviations.table`; capitals matter, because "No." is short
    /// for a number where "no." ends a sentence.
    init(_ always: String = "", beforeNumber: String = "", ordinals: Bool = false) {
        self.always = Set(always.split(separator: " ").map { String($0) })
        self.beforeNumber = Set(beforeNumber.split(separator: " ").map { String($0) })
        self.ordinals = ordinals
    }

    /// Whether the full stop after `word` lets the sentence go on.
    ///
    /// - Parameters:
    ///   - before: what precedes the word in its sentence, without the space between.
    ///   - rest: what follows the full stop, without the space between.
    func join(_ word: Substring, after before: Substring, before rest: Substring) -> Bool {
        let scalars = word.unicodeScalars
        guard let first = scalars.first, let next = rest.unicodeScalars.first else { return false }
        if always.contains(String(word)) { return true }
        if next.isDigit && beforeNumber.contains(String(word)) { return true }

        if scalars.dropFirst().allSatisfy(\.isMark) && first.properties.isAlphabetic {
            // "J. R. R. Tolkien". English "I" ends more sentences than it starts names.
            if first.properties.isUppercase && word != "I" { return true }
            // "z. B. Hunde", "u. a. Katzen".
            return rest.isShortened || before.unicodeScalars.suffix(3).endsShortened
        }
        // "U.S. Senate", "Ph.D. thesis": capitals with full stops inside.
        if scalars.contains("."), scalars.last?.properties.isUppercase == true,
            scalars.split(separator: ".").allSatisfy({ $0.count <= 2 })
        {
            return true
        }
        // "1. Introduction": a number that is the whole sentence so far counts a list.
        return scalars.allSatisfy(\.isDigit) && (before.isEmpty || ordinals && scalars.count <= 2)
    }
}

extension Unicode.Scalar {
    fileprivate var isMark: Bool {
        switch properties.generalCategory {
        case .nonspacingMark, .spacingMark, .enclosingMark: true
        default: false
        }
    }
}

extension Substring {
    /// Whether the text starts with one letter and a full stop.
    fileprivate var isShortened: Bool {
        let start = unicodeScalars.prefix(2)
        return start.first?.properties.isAlphabetic == true && start.dropFirst().first == "."
    }
}

extension Substring.UnicodeScalarView {
    /// Whether the last scalars are a word of one letter and a full stop.
    fileprivate var endsShortened: Bool {
        guard last == ".", let letter = dropLast(1).last, letter.properties.isAlphabetic else { return false }
        return dropLast(2).last.map { $0.isSpace || $0.isOpening || $0 == "." } ?? true
    }
}
