/// Words as Moses finds them: sacremoses' `MosesTokenizer.tokenize` with `aggressive_dash_splits=True`.
struct MosesTokenizer: Sendable {
    let language: String
    private let prefixes: MosesPrefixes

    /// - Returns: nil for a language whose abbreviations are not known.
    init?(language: String) {
        guard let prefixes = MosesPrefixes.languages[language] else { return nil }
        self.language = language
        self.prefixes = prefixes
    }

    func words(of text: [Unicode.Scalar]) -> [String] {
        var text = Self.oneSpace(text).filter { $0.value >= 0x20 }.strippingPythonSpace()
        text = Self.padded(text)
        text = Self.hyphens(text)
        text = Self.stops(text)
        text = Self.commas(text)
        text = apostrophes(text)
        text = separateStops(text)
        text = Self.oneSpace(text).strippingPythonSpace()
        text = Self.finalApostrophe(text)
        text = Self.restoredStops(text)
        for (old, new) in [
            ("&", "&amp;"), ("|", "&#124;"), ("<", "&lt;"), (">", "&gt;"), ("'", "&apos;"), ("\"", "&quot;"),
            ("[", "&#91;"), ("]", "&#93;"),
        ] {
            text = text.replacing(old, new)
        }
        return text.pythonWords().map { Array($0).string }
    }

    private static func isLetter(_ scalar: Unicode.Scalar) -> Bool {
        MosesCharacters.letters.contains(scalar) || MosesCharacters.indicSigns.contains(scalar)
    }

    private static func isLetterOrDigit(_ scalar: Unicode.Scalar) -> Bool {
        MosesCharacters.lettersAndDigits.contains(scalar) || MosesCharacters.indicSigns.contains(scalar)
    }

    /// `\s+` becomes one space.
    private static func oneSpace(_ text: [Unicode.Scalar]) -> [Unicode.Scalar] {
        text.map { $0.isPythonSpace ? " " : $0 }.collapsingSpaces()
    }

    private static func padded(_ text: [Unicode.Scalar]) -> [Unicode.Scalar] {
        text.flatMap { scalar -> [Unicode.Scalar] in
            switch scalar {
            case ".", "'", "`", ",", "-": return [scalar]
            default:
                return scalar.isPythonSpace || isLetterOrDigit(scalar) ? [scalar] : [" ", scalar, " "]
            }
        }
    }

    private static func hyphens(_ text: [Unicode.Scalar]) -> [Unicode.Scalar] {
        var result: [Unicode.Scalar] = []
        var index = 0
        while index < text.count {
            result.append(text[index])
            if isLetterOrDigit(text[index]), index + 2 < text.count, text[index + 1] == "-",
                isLetterOrDigit(text[index + 2])
            {
                result += " @-@ ".unicodeScalars
                index += 1
            }
            index += 1
        }
        return result
    }

    private static let stop = [Unicode.Scalar](scalars: "DOT")
    private static let stopsEnd = [Unicode.Scalar](scalars: "MULTI")

    /// Several full stops as a word, so that what follows leaves them alone.
    private static func stops(_ text: [Unicode.Scalar]) -> [Unicode.Scalar] {
        var result: [Unicode.Scalar] = []
        var index = 0
        while index < text.count {
            var end = index
            while end < text.count, text[end] == "." { end += 1 }
            guard end - index >= 2 else {
                result.append(text[index])
                index += 1
                continue
            }
            result.append(" ")
            for _ in index..<end { result += stop }
            result += stopsEnd
            if end < text.count { result.append(" ") }
            index = end
        }
        return result
    }

    private static func restoredStops(_ text: [Unicode.Scalar]) -> [Unicode.Scalar] {
        var result: [Unicode.Scalar] = []
        var index = 0
        while index < text.count {
            var end = index
            while end + 3 <= text.count, text[end..<end + 3].elementsEqual(stop) { end += 3 }
            let isMark = end > index && end + 5 <= text.count && text[end..<end + 5].elementsEqual(stopsEnd)
            if isMark {
                result += Array(repeating: ".", count: (end - index) / 3)
                index = end + 5
            } else {
                // No mark begins inside a run of these that none ends.
                let next = max(end, index + 1)
                result += text[index..<next]
                index = next
            }
        }
        return result
    }

    private static func commas(_ text: [Unicode.Scalar]) -> [Unicode.Scalar] {
        let isNumber = MosesCharacters.numbers.contains
        var first: [Unicode.Scalar] = []
        var index = 0
        while index < text.count {
            first.append(text[index])
            if !isNumber(text[index]), index + 1 < text.count, text[index + 1] == "," {
                first += " , ".unicodeScalars
                index += 1
            }
            index += 1
        }
        var second: [Unicode.Scalar] = []
        index = 0
        while index < first.count {
            if first[index] == ",", index + 1 < first.count, !isNumber(first[index + 1]) {
                second += " , ".unicodeScalars
                second.append(first[index + 1])
                index += 2
            } else {
                second.append(first[index])
                index += 1
            }
        }
        if second.count > 1, second[second.count - 1] == ",", isNumber(second[second.count - 2]) {
            second.removeLast()
            second += " , ".unicodeScalars
        }
        return second
    }

    private func apostrophes(_ text: [Unicode.Scalar]) -> [Unicode.Scalar] {
        guard language == "en" else { return text.replacing("'", " ' ") }
        let isLetter = Self.isLetter
        let isNumber = MosesCharacters.numbers.contains
        var text = text.replacing("'", after: { !isLetter($0) }, before: { !isLetter($0) }, with: " ' ")
        text = text.replacing("'", after: { !isLetter($0) && !isNumber($0) }, before: isLetter, with: " ' ")
        text = text.replacing("'", after: isLetter, before: { !isLetter($0) }, with: " ' ")
        text = text.replacing("'", after: isLetter, before: isLetter, with: " '")
        return text.replacing("'", after: isNumber, before: { $0 == "s" }, with: " '")
    }

    /// A full stop at the end of a word is one of its own, but after abbreviations and before words in lower case.
    private func separateStops(_ text: [Unicode.Scalar]) -> [Unicode.Scalar] {
        let words = text.pythonWords()
        var result: [Unicode.Scalar] = []
        for (index, word) in words.enumerated() {
            if index > 0 { result.append(" ") }
            guard word.count > 1, word.last == "." else {
                result += word
                continue
            }
            let prefix = word.dropLast()
            let next = index + 1 < words.count ? words[index + 1].first : nil
            let stays =
                (prefix.contains(".") && prefix.contains(where: Self.isLetter)) || prefixes.contains(prefix)
                || next.map(MosesCharacters.lowercase.contains) == true
                || (prefixes.containsNumeric(prefix) && next.map { ("0"..."9").contains($0) } == true)
            result += stays ? word : prefix
            if !stays { result += [" ", "."] }
        }
        return result
    }

    private static func finalApostrophe(_ text: [Unicode.Scalar]) -> [Unicode.Scalar] {
        guard text.count >= 2, text[text.count - 2] == ".", text[text.count - 1] == "'" else { return text }
        return text.dropLast(2) + [Unicode.Scalar](scalars: " . ' ")
    }
}
