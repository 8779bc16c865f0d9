import Text
import Translations

/// Finds the words of an output that stand for a term of its source: those that have paid the most attention to it.
struct TermPlacing {
    private let text: String
    /// The words of the text, in bytes.
    private let words: [Range<Int>]
    /// Where the hypothesis' tokens are in the text, in bytes.
    private let tokens: [Range<Int>]
    private let rows: [[Float]]?
    /// The source's tokens that are not its own, but the frame's.
    private let sourceBody: Range<Int>
    /// What is to stay, and what was found.
    private(set) var taken: [Range<Int>]

    /// - Parameters:
    ///   - text: the output, with all else that it is to have.
    ///   - tokens: where the hypothesis' tokens are in it.
    ///   - rows: how much each of them comes from each token of the source; nil: not known.
    ///   - taken: what is to stay.
    init(_ text: String, tokens: [Range<Int>], rows: [[Float]]?, sourceBody: Range<Int>, taken: [Range<Int>]) {
        self.text = text
        words = Self.words(of: text)
        self.tokens = tokens
        self.rows = rows.flatMap { $0.count >= tokens.count ? $0 : nil }
        self.sourceBody = sourceBody
        self.taken = taken
    }

    /// The words that stand for what the source has at these tokens, which are then taken; nil where no words are left.
    mutating func place(_ source: Range<Int>) -> Range<Int>? {
        let weights = words.map { word in taken.contains { $0.overlaps(word) } ? -1 : weight(word, source) }
        guard
            let best = weights.indices.max(by: { weights[$0] < weights[$1] || weights[$0] == weights[$1] && $0 > $1 }),
            weights[best] >= 0
        else { return nil }
        // What a phrase was translated to has several words, which look at it about as much.
        let least = weights[best] / 2
        var (first, last) = (best, best)
        if source.count > 1 {
            while first > 0, weights[first - 1] > least { first -= 1 }
            while last + 1 < words.count, weights[last + 1] > least { last += 1 }
        }
        let range = words[first].lowerBound..<words[last].upperBound
        taken.append(range)
        return range
    }

    /// The tokens of a stretch of the text; nil: there are none.
    func tokens(of range: Range<Int>) -> Range<Int>? {
        guard let first = tokens.firstIndex(where: { $0.overlaps(range) }),
            let last = tokens.lastIndex(where: { $0.overlaps(range) })
        else { return nil }
        return first..<last + 1
    }

    /// What stands before a stretch of a text.
    enum Surroundings: Equatable {
        /// Nothing that is a word.
        case first
        case afterSpace
        /// A short word with an apostrophe.
        case afterElision
        /// A mark, or a letter of a script without spaces.
        case after(Unicode.Scalar)
    }

    func surroundings(of range: Range<Int>) -> Surroundings {
        if words.first?.lowerBound == range.lowerBound { return .first }
        guard let before = String(text.utf8[0..<range.lowerBound])?.unicodeScalars.last else { return .first }
        if before.properties.isWhitespace { return .afterSpace }
        let isElision = (before == "'" || before == "’") && shortWord(before: range) != nil
        return isElision ? .afterElision : .after(before)
    }

    /// The word right before a stretch, if it is as short as articles are.
    func shortWord(before range: Range<Int>) -> Range<Int>? {
        guard let word = words.last(where: { $0.upperBound <= range.lowerBound }),
            !taken.contains(where: word.overlaps),
            let letters = String(text.utf8[word]), letters.unicodeScalars.count <= ShortWords.lengths.upperBound,
            letters.unicodeScalars.allSatisfy(\.isOfSpacedWord),
            let between = String(text.utf8[word.upperBound..<range.lowerBound]),
            between == " " || between == "'" || between == "’"
        else { return nil }
        return word
    }

    private func weight(_ word: Range<Int>, _ source: Range<Int>) -> Float {
        guard let rows else {
            // The nearer to the same share of the text, the better.
            guard let end = words.last?.upperBound, end > 0, !sourceBody.isEmpty else { return 0 }
            let share = Float(source.lowerBound - sourceBody.lowerBound) / Float(sourceBody.count)
            return 1 - abs(Float(word.lowerBound) / Float(end) - share)
        }
        let attentions = tokens.indices.filter { tokens[$0].overlaps(word) }.map { token in
            source.reduce(Float(0)) { $1 < rows[token].count ? $0 + rows[token][$1] : $0 }
        }
        return attentions.max() ?? 0
    }

    private static func words(of text: String) -> [Range<Int>] {
        var words: [Range<Int>] = []
        var (position, isWord) = (0, false)
        for scalar in text.unicodeScalars {
            let end = position + UTF8.width(scalar)
            if scalar.isOfSpacedWord {
                if isWord, let last = words.indices.last {
                    words[last] = words[last].lowerBound..<end
                } else {
                    words.append(position..<end)
                }
            } else if scalar.properties.isAlphabetic {
                words.append(position..<end)
            }
            isWord = scalar.isOfSpacedWord
            position = end
        }
        return words
    }
}

extension String.UTF8View {
    /// A stretch, counted from 0.
    fileprivate subscript(range: Range<Int>) -> SubSequence {
        let begin = index(startIndex, offsetBy: range.lowerBound)
        return self[begin..<index(begin, offsetBy: range.count)]
    }
}
