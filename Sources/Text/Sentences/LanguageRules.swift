/// What a language knows of its full stops: abbreviations, ordinals, and the words that sentences begin with.
package struct LanguageRules: Sendable {
    /// What a full stop after an abbreviation means.
    package enum Abbreviation: Sendable {
        /// Something must follow, so the sentence goes on: titles, "e.g.".
        case always
        /// The sentence goes on before a number: "No. 5", but "He said no. Five came."
        case beforeNumber
        /// The sentence goes on unless the next word is one that sentences begin with: "Inc.", "a.m."
        case usually
        /// As `usually` where the sentence has hardly begun, "W 1839 r. Chiny"; else a capital begins the next one: years
        /// and eras.
        case date
        /// A capital begins the next sentence, as after any other word; without this, its form would tell otherwise:
        /// "a.C.", "т. д."
        case never
    }

    /// By their words, those with full stops inside without spaces and without the last one: `z.B`.
    package let abbreviations: [String: Abbreviation]
    /// How abbreviations with full stops inside begin: `p.n` and `p.n.e` of "p.n.e.".
    private let beginnings: Set<String>
    /// Words that sentences begin with so often that they tell a full stop from a shortening: capitalised; those that
    /// stand before an apostrophe end with one.
    private let starters: Set<String>
    /// Ends of words that are short for a whole one: German "Hauptstr."
    private let suffixes: [String]
    /// Whether a number with a full stop is an ordinal: German "am 3. Mai".
    let hasOrdinals: Bool
    /// Whether a word without a vowel is short for another, as far as the script is Latin. Czech has "krk".
    let hasVowels: Bool
    /// Marks of ASCII that end a sentence besides the full stop, the exclamation and the question mark.
    let otherTerminator: UInt8?

    /// Lists are words with single spaces between. Capitals matter, because "No." is short for a number where "no." ends
    /// a sentence; where a sentence begins, a small letter stands for the capital as well.
    init(
        always: String = "", beforeNumber: String = "", usually: String = "", date: String = "", never: String = "",
        starters: String = "", suffixes: String = "", hasOrdinals: Bool = false, hasVowels: Bool = true,
        otherTerminator: UInt8? = nil
    ) {
        var abbreviations: [String: Abbreviation] = [:]
        var beginnings: Set<String> = []
        let lists: [(String, Abbreviation)] = [
            (beforeNumber, .beforeNumber), (usually, .usually), (date, .date), (never, .never), (always, .always),
        ]
        for (list, kind) in lists {
            for word in list.split(separator: " ") {
                let other = abbreviations.updateValue(kind, forKey: String(word))
                precondition(other == nil, "\(word) is in two lists of a language, or twice in one")
                for index in word.indices.dropFirst() where word[index] == "." {
                    beginnings.insert(String(word[..<index]))
                }
                if word.contains(".") { beginnings.insert(String(word)) }
            }
        }
        self.abbreviations = abbreviations
        self.beginnings = beginnings
        self.starters = Set(starters.split(separator: " ").map(String.init))
        self.suffixes = suffixes.split(separator: " ").map(String.init)
        self.hasOrdinals = hasOrdinals
        self.hasVowels = hasVowels
        self.otherTerminator = otherTerminator
    }

    /// What the table has of a word, which may be the first of its sentence.
    func abbreviation(_ word: String, isFirst: Bool) -> Abbreviation? {
        if let known = abbreviations[word] { return known }
        if isFirst, let first = word.first, first.isUppercase,
            let known = abbreviations[first.lowercased() + word.dropFirst()]
        {
            return known
        }
        // "PVT. LTD."
        if word.utf8.count > 1, word.allSatisfy(\.isUppercase), let first = word.first,
            let known = abbreviations[String(first) + word.dropFirst().lowercased()]
        {
            return known
        }
        for suffix in suffixes where word.hasSuffix(suffix) && word.utf8.count > suffix.utf8.count { return .usually }
        return nil
    }

    /// Whether an abbreviation with full stops inside begins with these parts.
    func isBeginning(_ parts: String) -> Bool { beginnings.contains(parts) }

    func isStarter(_ word: String) -> Bool {
        if starters.contains(word) { return true }
        // In capitals throughout.
        guard word.utf8.count > 1, let first = word.first, word.allSatisfy({ $0.isUppercase || $0 == "'" }) else {
            return false
        }
        return starters.contains(String(first) + word.dropFirst().lowercased())
    }

    /// Words with an exclamation mark that are names.
    static let exclaimingNames: Set<String> = ["Yahoo", "Jeopardy", "Joomla", "Kahoot", "Oklahoma"]

    /// Words that sentences begin with and that names have inside: "J. De Vries".
    static let nameParticles: Set<String> = [
        "De", "Del", "Della", "Den", "Der", "Des", "Di", "Do", "Dos", "Du", "Da", "Das", "El", "Het", "La", "Las", "Le",
        "Les", "Lo", "Los", "Te", "Ten", "Ter", "Van", "Von", "Zu", "Al", "An", "Bin", "Ben", "San", "So", "Av", "Af",
        "O",
    ]
}
