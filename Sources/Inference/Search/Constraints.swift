/// What changes a row of logits before tokens are chosen from it, in the order of Hugging Face's processors.
///
/// Every change touches few entries, so rows are edited in place. Penalties act on `logit - normalizer`: the
/// log-probability in beam search, the logit itself (`normalizer` 0) in greedy search and sampling, as in Hugging Face.
package struct Constraints: Sendable, Hashable {
    package var repetitionPenalty: Float
    package var noRepeatNgramSize: Int
    package var minimumLength: Int
    package var endToken: Int32
    /// Other tokens that end an output.
    package var otherEnds: [Int32]
    /// Forbids sequences of this many tokens that the source has; 0 allows them.
    package var noSourceNgramSize = 0
    /// What the encoder read; empty unless `noSourceNgramSize` asks for it.
    package var source: [Int32] = []
    private var suppressedTokens: [Int32] = []
    private var suppressedSequences: [[Int32]] = []

    package init(
        repetitionPenalty: Float, noRepeatNgramSize: Int, minimumLength: Int, endToken: Int32, otherEnds: [Int32] = []
    ) {
        self.repetitionPenalty = repetitionPenalty
        self.noRepeatNgramSize = noRepeatNgramSize
        self.minimumLength = minimumLength
        self.endToken = endToken
        self.otherEnds = otherEnds
    }

    /// Forbids a sequence of tokens. An end alone cannot be forbidden (that is what the minimum length is for).
    package mutating func suppress(_ sequence: [Int32]) {
        guard let last = sequence.last else { return }
        if sequence.count > 1 {
            suppressedSequences.append(sequence)
        } else if !isEnd(last) {
            suppressedTokens.append(last)
        }
    }

    /// How many tokens the suppressed sequences have together.
    package var suppressedCount: Int { suppressedTokens.count + suppressedSequences.reduce(0) { $0 + $1.count } }

    /// Whether `apply` reads the history.
    package var needsHistory: Bool {
        repetitionPenalty != 1 || noRepeatNgramSize > 0 || noSourceNgramSize > 0 || !suppressedSequences.isEmpty
    }

    /// At most so many tokens are forbidden, whatever came before; nil when that depends on the history.
    package var forbiddenMaximum: Int? {
        needsHistory ? nil : suppressedTokens.count + (minimumLength > 0 ? 1 + otherEnds.count : 0)
    }

    private func isEnd(_ token: Int32) -> Bool { token == endToken || otherEnds.contains(token) }

    /// Whether `apply` would forbid a token, unless it needs the history.
    package func forbids(_ token: Int32, generated: Int) -> Bool {
        isEnd(token) ? generated < minimumLength : suppressedTokens.contains(token)
    }

    /// - Parameters:
    ///   - history: The start token and all tokens after it; may be empty unless `needsHistory`.
    ///   - generated: How many tokens follow the start token.
    package func apply(
        to logits: UnsafeMutablePointer<Float>, history: UnsafeBufferPointer<Int32>, generated: Int,
        normalizer: Float, marks: TokenMarks
    ) {
        if repetitionPenalty != 1 {
            marks.clear()
            for token in history where marks.insert(token) {
                let score = logits[Int(token)] - normalizer
                let penalized = score < 0 ? score * repetitionPenalty : score / repetitionPenalty
                logits[Int(token)] = penalized + normalizer
            }
        }
        if noRepeatNgramSize > 0 { forbidNgrams(noRepeatNgramSize, of: history, logits, history) }
        if noSourceNgramSize > 0 {
            source.withUnsafeBufferPointer { forbidNgrams(noSourceNgramSize, of: $0, logits, history) }
        }
        for token in suppressedTokens { logits[Int(token)] = -.infinity }
        for sequence in suppressedSequences where sequence.count <= history.count {
            let start = history.count - (sequence.count - 1)
            if (0..<sequence.count - 1).allSatisfy({ history[start + $0] == sequence[$0] }) {
                logits[Int(sequence[sequence.count - 1])] = -.infinity
            }
        }
        if generated < minimumLength {
            logits[Int(endToken)] = -.infinity
            for token in otherEnds { logits[Int(token)] = -.infinity }
        }
    }

    /// Forbids what would end a sequence of `size` tokens that `text` has.
    private func forbidNgrams(
        _ size: Int, of text: UnsafeBufferPointer<Int32>, _ logits: UnsafeMutablePointer<Float>,
        _ history: UnsafeBufferPointer<Int32>
    ) {
        let context = size - 1
        guard history.count >= context, text.count > context else { return }
        let tail = history.count - context
        for start in 0..<text.count - context {
            if (0..<context).allSatisfy({ text[start + $0] == history[tail + $0] }) {
                logits[Int(text[start + context])] = -.infinity
            }
        }
    }
}
