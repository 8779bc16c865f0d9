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
    ///   - isFirst: whether the word is the first of its sentence.
    ///   - next: what follows the white space after it.
    func join(word: Substring, isFirst: Bool, before next: Unicode.Scalar) -> Bool {
        let scalars = word.unicodeScalars
        guard let first = scalars.first else { return false }
        let startsNumber = next.properties.numericType == .decimal
        if always.contains(String(word)) || startsNumber && beforeNumber.contains(String(word)) { return true }

        // Initials: "J. R. R. Tolkien". English "I" ends more sentences than it starts names.
        if scalars.dropFirst().allSatisfy(\.isMark) && first.properties.isUppercase && word != "I" { return true }
        // "U.S. Senate", "Ph.D. thesis": capitals with full stops inside.
        if scalars.contains("."), scalars.last?.properties.isUppercase == true,
            scalars.split(separator: ".").allSatisfy({ $0.count <= 2 })
        {
            return true
        }
        // "1. Introduction": a number that is the whole sentence so far counts a list.
        let isNumber = scalars.allSatisfy { $0.properties.numericType == .decimal }
        return isNumber && (isFirst || ordinals && scalars.count <= 2)
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
