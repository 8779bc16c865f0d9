/// What a `Replace` or a `Split` looks for: the few patterns that tokenizers of translation models have.
package enum TextPattern: Codable, Equatable, Sendable {
    case literal(String)
    /// The longest run of one class of characters, of at least some characters.
    case run(CharacterClass, least: Int)
    /// GPT-2's words, which every text consists of.
    case words

    /// GPT-2's pattern, as `tokenizers` and files write it.
    static let wordsExpression =
        #"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"#

    /// - Returns: nil for any other expression.
    package init?(expression: String) {
        if expression == Self.wordsExpression {
            self = .words
            return
        }
        let names: [(String, CharacterClass)] = [
            (#"\s"#, .space), (#"\d"#, .digit), ("[0-9]", .digit), (#"\p{L}"#, .letter), (#"\p{N}"#, .number),
            (#"\p{P}"#, .punctuation), (#"\n"#, .one("\n")), (#"\r"#, .one("\r")), (#"\t"#, .one("\t")),
        ]
        for (name, characters) in names where expression.hasPrefix(name) {
            guard let least = Self.repetition(expression.dropFirst(name.count)) else { break }
            self = least == 0 ? .run(characters, least: -1) : .run(characters, least: least)
            return
        }
        let scalars = Array(expression.unicodeScalars)
        let signs: Set<Unicode.Scalar> = ["\\", "[", "]", "(", ")", "{", "}", "|", "?", "*", "+", ".", "^", "$"]
        if let first = scalars.first, !signs.contains(first) {
            let rest = String(String.UnicodeScalarView(scalars.dropFirst()))
            if let least = Self.repetition(rest[...]), least > 0 {
                self = .run(.one(String(first)), least: least)
                return
            }
        }
        guard !scalars.isEmpty, !scalars.contains(where: signs.contains) else { return nil }
        self = .literal(expression)
    }

    /// The least number of repetitions, 0 when each character is a match of its own; nil for anything else.
    private static func repetition(_ text: Substring) -> Int? {
        if text.isEmpty { return 0 }
        if text == "+" { return 1 }
        guard text.hasPrefix("{"), text.hasSuffix(",}"), let least = Int(text.dropFirst().dropLast(2)),
            (1...1000).contains(least)
        else { return nil }
        return least
    }

    /// Where the pattern matches, from left to right.
    func matches(in text: [UInt8]) -> [Range<Int>] {
        switch self {
        case .literal(let literal): return Self.literals(Array(literal.utf8), text)
        case .run(let characters, let least): return Self.runs(characters, least, text)
        case .words: return Self.words(text)
        }
    }

    private static func literals(_ literal: [UInt8], _ text: [UInt8]) -> [Range<Int>] {
        guard let first = literal.first else { return [] }
        var matches: [Range<Int>] = []
        var index = 0
        while index < text.count {
            if text[index] == first, text.starts(with: literal, at: index) {
                matches.append(index..<index + literal.count)
                index += literal.count
            } else {
                index += 1
            }
        }
        return matches
    }

    private static func runs(_ characters: CharacterClass, _ least: Int, _ text: [UInt8]) -> [Range<Int>] {
        var matches: [Range<Int>] = []
        var run: (start: Int, count: Int)?
        func finish(_ end: Int) {
            if let run, run.count >= least { matches.append(run.start..<end) }
            run = nil
        }
        text.forEachScalar { scalar, range in
            guard characters.contains(scalar) else { return finish(range.lowerBound) }
            if least < 0 { return matches.append(range) }
            run = (run?.start ?? range.lowerBound, (run?.count ?? 0) + 1)
        }
        finish(text.count)
        return matches
    }

    private static func words(_ text: [UInt8]) -> [Range<Int>] {
        var matches: [Range<Int>] = []
        var index = 0
        while index < text.count {
            let end = wordEnd(text, index)
            matches.append(index..<end)
            index = end
        }
        return matches
    }

    private static let contractions = ["'s", "'t", "'re", "'ve", "'m", "'ll", "'d"].map { Array($0.utf8) }

    private static func wordEnd(_ text: [UInt8], _ start: Int) -> Int {
        if text[start] == UInt8(ascii: "'"), let found = contractions.first(where: { text.starts(with: $0, at: start) })
        {
            return start + found.count
        }
        func end(from place: Int, while holds: (Unicode.Scalar) -> Bool) -> Int {
            var place = place
            while place < text.count {
                let (scalar, length) = text.scalar(at: place)
                guard holds(scalar) else { break }
                place += length
            }
            return place
        }
        let body = text[start] == 0x20 && start + 1 < text.count ? start + 1 : start
        let scalar = text.scalar(at: body).scalar
        if scalar.isLetter { return end(from: body, while: \.isLetter) }
        if scalar.isNumber { return end(from: body, while: \.isNumber) }
        if !scalar.isSpace { return end(from: body) { !$0.isSpace && !$0.isLetter && !$0.isNumber } }
        // Spaces: all of them at the end of the text, else all but the last, unless it is the only one.
        var (last, place) = (start, start)
        while place < text.count {
            let (scalar, length) = text.scalar(at: place)
            guard scalar.isSpace else { break }
            (last, place) = (place, place + length)
        }
        return place == text.count || last == start ? place : last
    }
}
