import Translations

/// The targets of a segment's terms, which its output must have as whole words, each as often as the source has its terms or
/// more often.
struct RequiredTerms: Sendable {
    struct Target: Sendable, Equatable {
        let text: String
        /// How it is written at the beginning of a sentence; nil: as anywhere.
        let atStart: String?
        fileprivate(set) var count: Int
    }

    private(set) var targets: [Target] = []
    /// Of each term, its target.
    private var indices: [Int] = []
    private let terms: [SourceTerm]
    private let phrases: PhraseMatcher

    init(_ terms: [SourceTerm]) {
        self.terms = terms
        for term in terms {
            let text = term.entry.target
            if let index = targets.firstIndex(where: { $0.text.utf8.elementsEqual(text.utf8) }) {
                targets[index].count += 1
                indices.append(index)
            } else {
                indices.append(targets.count)
                targets.append(Target(text: text, atStart: Self.capitalized(text), count: 1))
            }
        }
        phrases = PhraseMatcher(targets.map(\.text) + targets.map { $0.atStart ?? $0.text })
    }

    var isEmpty: Bool { targets.isEmpty }

    /// Where a text has targets, from left to right.
    func places(in text: String) -> [(target: Int, range: Range<Int>)] {
        if targets.isEmpty { return [] }
        return phrases.matches(in: text).compactMap { match in
            if match.index < targets.count { return (match.index, match.range) }
            // A capital that the term does not have is right at the beginning only.
            let begin = text.utf8.index(text.startIndex, offsetBy: match.range.lowerBound)
            let isFirst = !text[..<begin].unicodeScalars.contains { $0.isOfSpacedWord || $0.properties.isAlphabetic }
            return isFirst ? (match.index - targets.count, match.range) : nil
        }
    }

    /// How often a text has each target.
    func counts(in text: String) -> [Int] {
        var counts = [Int](repeating: 0, count: targets.count)
        for place in places(in: text) { counts[place.target] += 1 }
        return counts
    }

    func areMet(in text: String) -> Bool { zip(counts(in: text), targets).allSatisfy { $0 >= $1.count } }

    /// The terms whose targets a text lacks; of several with one target, the last.
    func missing(in text: String) -> [SourceTerm] {
        let found = zip(terms, isFound(in: text))
        return found.compactMap { $1 ? nil : $0 }
    }

    /// What became of the terms.
    ///
    /// - Parameters:
    ///   - before: the output as the model has written it by itself.
    ///   - after: the output as it is.
    ///   - fate: of those that came to be in it.
    func fates(
        before: String, after: String, _ fate: Translation.Segment.Term.Fate
    ) -> [Translation.Segment.Term] {
        zip(terms, zip(isFound(in: before), isFound(in: after))).map { term, isFound in
            Translation.Segment.Term(
                source: term.entry.source, target: term.entry.target,
                fate: !isFound.1 ? .missed : isFound.0 ? .written : fate)
        }
    }

    private func isFound(in text: String) -> [Bool] {
        var left = counts(in: text)
        return indices.map { index in
            left[index] -= 1
            return left[index] >= 0
        }
    }

    /// With a capital at its beginning; nil where it has one, or can have none.
    static func capitalized(_ text: String) -> String? {
        guard let first = text.first, first.isLowercase else { return nil }
        return first.uppercased() + text.dropFirst()
    }
}
