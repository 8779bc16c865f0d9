import Inference
import Tensors
import Testing

/// The arithmetic of constraints on one row; that they are Hugging Face's is for the goldens to say.
@Suite struct ConstraintTests {
    private func apply(
        _ constraints: Constraints, to logits: [Float], history: [Int32] = [], generated: Int = 0,
        normalizer: Float = 0
    ) -> [Float] {
        var logits = logits
        let marks = TokenMarks(vocabularySize: logits.count)
        logits.withUnsafeMutableBufferPointer { row in
            history.withUnsafeBufferPointer { history in
                guard let row = row.baseAddress else { return }
                constraints.apply(
                    to: row, history: history, generated: generated, normalizer: normalizer, marks: marks)
            }
        }
        return logits
    }

    private func constraints(
        repetitionPenalty: Float = 1, noRepeatNgramSize: Int = 0, minimumLength: Int = 0
    ) -> Constraints {
        Constraints(
            repetitionPenalty: repetitionPenalty, noRepeatNgramSize: noRepeatNgramSize, minimumLength: minimumLength,
            endToken: 0)
    }

    private let forbidden = -Float.infinity

    @Test func `without constraints nothing changes, and no history is needed`() {
        #expect(!constraints().needsHistory)
        #expect(apply(constraints(), to: [1, 2, 3], history: [1, 1]) == [1, 2, 3])
    }

    @Test func `a repeated token is penalised once, in proportion, on either side of zero`() {
        let two = constraints(repetitionPenalty: 2)
        #expect(two.needsHistory)
        #expect(apply(two, to: [1, 4, -4, 8], history: [1, 2, 1, 1]) == [1, 2, -8, 8])
        // On log-probabilities, which are below zero, a penalty always lowers.
        #expect(apply(two, to: [1, 4, -4, 8], history: [1, 2], normalizer: 10) == [1, -2, -18, 8])
    }

    @Test func `the last token of a repeated sequence is forbidden`() {
        let bigrams = constraints(noRepeatNgramSize: 2)
        #expect(apply(bigrams, to: [9, 9, 9, 9], history: [1, 2, 1, 3, 1]) == [9, 9, forbidden, forbidden])
        #expect(apply(bigrams, to: [9, 9, 9, 9], history: [1]) == [9, 9, 9, 9])
        let trigrams = constraints(noRepeatNgramSize: 3)
        #expect(apply(trigrams, to: [9, 9, 9, 9], history: [1, 2, 3, 1, 2]) == [9, 9, 9, forbidden])
        #expect(apply(constraints(noRepeatNgramSize: 1), to: [9, 9], history: [1]) == [9, forbidden])
        #expect(apply(constraints(noRepeatNgramSize: .max), to: [9, 9], history: [1, 1, 1]) == [9, 9])
    }

    @Test func `a suppressed sequence is forbidden at its last token, after the others`() {
        var suppressing = constraints()
        suppressing.suppress([2])
        #expect(!suppressing.needsHistory)
        suppressing.suppress([1, 3])
        #expect(suppressing.needsHistory)
        #expect(apply(suppressing, to: [9, 9, 9, 9], history: [5, 1]) == [9, 9, forbidden, forbidden])
        #expect(apply(suppressing, to: [9, 9, 9, 9], history: [1, 2]) == [9, 9, forbidden, 9])
        #expect(apply(suppressing, to: [9, 9, 9, 9], history: []) == [9, 9, forbidden, 9])
    }

    @Test func `the end alone cannot be suppressed, only put off`() {
        var ending = constraints(minimumLength: 2)
        ending.suppress([0])
        ending.suppress([])
        #expect(apply(ending, to: [9, 9], generated: 1) == [forbidden, 9])
        #expect(apply(ending, to: [9, 9], generated: 2) == [9, 9])
    }

    @Test func `marks forget when they are cleared, and only then`() {
        let marks = TokenMarks(vocabularySize: 3)
        marks.clear()
        #expect([2, 1, 2, 1].map { marks.insert($0) } == [true, true, false, false])
        marks.clear()
        #expect([1, 0, 1].map { marks.insert($0) } == [true, true, false])
    }
}
