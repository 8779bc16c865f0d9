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
    ///
    /// `dropLast(1)`, not `dropLast()`: the latter is `Collection`'s, which counts the whole collection.
    func separates(_ abbreviations: Abbreviations) -> Bool {
        guard let last = sentence.unicodeScalars.last, let next = rest.unicodeScalars.first else { return false }
        // Looks at the end of the sentence only: a sentence is asked about once for each of its full stops.
        let words = sentence.unicodeScalars.dropLast(while: \.isSpace)
        let terminated = words.dropLast { $0.isClosing || $0.isOpeningBracket }
        let isClosed = terminated.endIndex < words.endIndex || end > rest.startIndex
        guard let terminator = terminated.last else { return false }

        if !last.isSpace {
            // "x.org/?a=B", "Really?Yes": in scripts with spaces, no space means no new sentence.
            return !terminator.isASCII || next.isUnspaced || terminated.dropLast(1).last?.isUnspaced == true
        }
        switch terminator {
        case "!", "?":
            // “Why?” he asked.
            let follower = rest[end...].unicodeScalars.first ?? next
            return !(isClosed && follower.properties.isLowercase)
        case "." where !isClosed:
            let word = terminated.dropLast(1).suffix { !$0.isSpace && !$0.isOpening }
            let before = terminated[..<word.startIndex].dropLast(while: \.isSpace)
            return !abbreviations.join(Substring(word), after: Substring(before), before: rest)
        default:
            return true
        }
    }

    /// Where the sentence ends. Quotes and brackets that close it after a space still belong to it (« Oui. » Non.),
    /// those that open right after it do not: to UAX #29, which only knows brackets, 「 may close 元気ですか？「はい」.
    var end: Substring.Index {
        let unopened = sentence.unicodeScalars.dropLast(while: \.isOpeningBracket)
        if unopened.endIndex < sentence.endIndex { return unopened.endIndex }
        let scalars = rest.unicodeScalars
        let closing = scalars.prefix { $0.isClosing && $0 != "\"" && $0 != "'" && $0 != "«" }
        if closing.isEmpty { return rest.startIndex }
        let after = scalars[closing.endIndex...]
        // A closing mark at the start of a word opens something in another language: »so«.
        guard after.first?.isSpace ?? true else { return rest.startIndex }
        return after.firstIndex { !$0.isSpace } ?? rest.endIndex
    }
}
