/// Cuts a sentence that has more tokens than a model holds into parts that fit.
///
/// A part that does not fit is cut in two near the place that shares its tokens out evenly, and so are the halves: an
/// even share has no tiny tail, and text is counted only a few times over, whatever its length.
package struct LengthSplitter: Sendable {
    /// The most tokens of a part.
    package let limit: Int

    /// Text of more bytes than this is cut without being counted: it would be a run of the longest tokens there are.
    /// What is given to a counter at once is bounded by it.
    private var countedBytesMax: Int { 64 * min(limit, 1 << 40) }

    /// - Parameter limit: the most tokens of a part, those that the model adds not included; at least 1.
    package init(limit: Int) {
        precondition(limit > 0, "no text fits a limit of \(limit) tokens")
        self.limit = limit
    }

    /// A stretch of the sentence that fits.
    package struct Part: Equatable, Sendable {
        package var text: Substring
        /// What separates the part from the next one; nothing after the last.
        package var boundary: SplitBoundary?
    }

    /// Cuts a sentence. The parts one after the other are the sentence, white space included.
    ///
    /// A single scalar that has more tokens than the limit is a part all the same: no text is dropped here.
    /// - Parameter count: the number of tokens of a stretch of the sentence; called at most twice a part.
    package func parts<Failure: Error>(
        of sentence: Substring, count: (Substring) throws(Failure) -> Int
    ) throws(Failure) -> [Part] {
        var parts: [Part] = []
        // What is still to be looked at, the first stretch last.
        var pending = [Part(text: sentence, boundary: nil)]
        while let stretch = pending.popLast() {
            let bytes = stretch.text.utf8.count
            let tokens = bytes > countedBytesMax ? nil : try count(stretch.text)
            let cut = tokens.map { $0 <= limit } == true ? nil : cut(of: stretch.text, tokens: tokens, bytes: bytes)
            guard let cut else {
                parts.append(stretch)
                continue
            }
            pending.append(Part(text: stretch.text[cut.position...], boundary: stretch.boundary))
            pending.append(Part(text: stretch.text[..<cut.position], boundary: cut.boundary))
        }
        return parts
    }

    /// Chooses where to cut text of `tokens`, or of too many to count; nowhere if the text is one scalar or none.
    private func cut(
        of text: Substring, tokens: Int?, bytes: Int
    ) -> (position: Substring.Index, boundary: SplitBoundary)? {
        if bytes == 0 { return nil }
        // The fewest parts that it can take; the first cut leaves a whole number of them on either side.
        let shares = tokens.map { ($0 - 1) / limit + 1 } ?? 2
        let target = bytes * ((shares + 1) / 2) / shares
        let reach = tokens == nil ? countedBytesMax / 8 : bytes / shares / 2

        let points = CutPoints(text: text, target: target)
        if let clause = points.clause(reach: reach) { return (clause, .clause) }
        if let word = points.word(reach: tokens == nil ? reach : bytes) { return (word, .word) }
        return points.character.map { ($0, .character) }
    }
}
