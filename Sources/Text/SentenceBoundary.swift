/// A place where ICU would end a sentence, and whether a translator would.
struct SentenceBoundary {
    /// The sentence if it ended here: its words, and the white space after them.
    private let sentence: Substring
    /// The rest of the line.
    private let rest: Substring

    /// - Parameters:
    ///   - start: where the sentence starts.
    ///   - position: where ICU ends it, after the white space.
    init(line: Substring, start: Substring.Index, position: Substring.Index) {
        // A boundary moved over closing quotes may have passed the next candidate.
        sentence = line[min(start, position)..<position]
        rest = line[position...]
    }

    /// Whether the sentence ends here.
    func separates(_ abbreviations: Abbreviations) -> Bool {
        guard let last = sentence.unicodeScalars.last, let next = rest.unicodeScalars.first else { return false }
        // Looks at the end of the sentence only: a sentence is asked about once for each of its full stops.
        let words = sentence.unicodeScalars.dropLast(while: \.properties.isWhitespace)
        let terminated = words.dropLast(while: \.isClosing)
        let isClosed = terminated.endIndex < words.endIndex
        guard let terminator = terminated.last else { return false }

        if !last.properties.isWhitespace {
            // "x.org/?a=B", "Really?Yes": in scripts with spaces, no space means no new sentence.
            return !terminator.isASCII || next.isUnspaced || terminated.dropLast().last?.isUnspaced == true
        }
        switch terminator {
        case "!", "?":
            // “Why?” he asked.
            return !(isClosed && next.properties.isLowercase)
        case "." where !isClosed:
            let word = terminated.dropLast().suffix { !$0.properties.isWhitespace && !$0.isOpening }
            let isFirst = terminated[..<word.startIndex].dropLast(while: \.properties.isWhitespace).isEmpty
            return !abbreviations.join(word: Substring(word), isFirst: isFirst, before: next)
        default:
            return true
        }
    }

    /// The boundary, moved over quotes and brackets that close the sentence after a space: « Oui. » Non.
    var afterClosingQuotes: Substring.Index {
        let scalars = rest.unicodeScalars
        let closing = scalars.prefix { $0.isClosing && $0 != "\"" && $0 != "'" && $0 != "«" }
        if closing.isEmpty { return rest.startIndex }
        let after = scalars[closing.endIndex...]
        // A closing mark at the start of a word opens something in another language: »so«.
        guard after.first?.properties.isWhitespace ?? true else { return rest.startIndex }
        return after.firstIndex { !$0.properties.isWhitespace } ?? rest.endIndex
    }
}

extension Unicode.Scalar {
    /// Quotes and brackets that may stand between a full stop and the space after it.
    var isClosing: Bool {
        switch properties.generalCategory {
        case .closePunctuation, .finalPunctuation, .initialPunctuation: true
        default: self == "\"" || self == "'"
        }
    }

    /// Quotes, brackets and marks that may stand right before a word.
    var isOpening: Bool {
        switch properties.generalCategory {
        case .openPunctuation, .finalPunctuation, .initialPunctuation: true
        default: ["\"", "'", "/", "¿", "¡", "—", "–"].contains(self)
        }
    }

    /// Letters of scripts that put no space between sentences: kana, Han, bopomofo, and their punctuation and widths.
    var isUnspaced: Bool {
        switch value {
        case 0x2E80...0x9FFF, 0xF900...0xFAFF, 0xFF00...0xFFEF, 0x20000...0x3FFFF: true
        default: false
        }
    }
}
