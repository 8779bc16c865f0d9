package import Tensors

/// Which target tokens a sentence may become, by its source's tokens: a lexical shortlist, as Marian has it
/// (`src/data/shortlist.cpp`). Products with the output layer then have hundreds of columns in place of tens of thousands.
///
/// Marian makes one of all the sentences in a batch; here each has its own, so that its output does not depend on others.
package struct Shortlist: Sendable {
    package struct Rules: Sendable, Equatable, Codable {
        /// The first so many tokens of the vocabulary are always in it; they are the most frequent.
        package var firstCount: Int
        /// Whether the source's tokens are in it, as both sides have one vocabulary.
        package var includesSource: Bool

        package init(firstCount: Int, includesSource: Bool) {
            self.firstCount = firstCount
            self.includesSource = includesSource
        }
    }

    package let rules: Rules
    /// Where the tokens of each source token begin, and where the last one's end.
    package let offsets: Block<Int32>
    package let tokens: Block<Int32>
    private let vocabularySize: Int

    /// Marian's products need columns in eights, and so a list is filled up with further frequent tokens.
    private static let step = 8

    /// - Returns: nil when the offsets are no ascending places in `tokens`, one more than there are source tokens, or a
    ///   token is not of the vocabulary.
    package init?(rules: Rules, offsets: Block<Int32>, tokens: Block<Int32>, _ configuration: ModelConfiguration) {
        let size = Int32(configuration.targetVocabularySize), places = offsets.elements
        guard rules.firstCount > 0, offsets.count > configuration.sourceVocabularySize, places[0] == 0,
            !rules.includesSource || configuration.sourceVocabularySize == configuration.targetVocabularySize,
            zip(places, places.dropFirst()).allSatisfy({ $0 <= $1 }), Int(places[offsets.count - 1]) <= tokens.count,
            tokens.elements.allSatisfy({ $0 >= 0 && $0 < size })
        else { return nil }
        self.rules = rules
        self.offsets = offsets
        self.tokens = tokens
        vocabularySize = Int(size)
    }

    /// The tokens that a source may become, in ascending order.
    ///
    /// - Parameter others: What must be among them besides.
    package func tokens(for source: [Int32], and others: [Int32]) -> [Int32] {
        var isListed = [Bool](repeating: false, count: vocabularySize)
        for token in 0..<min(rules.firstCount, vocabularySize) { isListed[token] = true }
        for token in source {
            if rules.includesSource { isListed[Int(token)] = true }
            for place in offsets.elements[Int(token)]..<offsets.elements[Int(token) + 1] {
                isListed[Int(tokens.elements[Int(place)])] = true
            }
        }
        var count = isListed.count { $0 }
        var next = rules.firstCount
        while !count.isMultiple(of: Self.step), next < vocabularySize {
            if !isListed[next] { count += 1 }
            isListed[next] = true
            next += 1
        }
        for token in others { isListed[Int(token)] = true }
        return isListed.indices.filter { isListed[$0] }.map { Int32($0) }
    }
}
