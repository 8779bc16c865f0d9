import Tensors

/// What the decoder remembers of one segment: the encoder's states as cached rows, and for each live hypothesis the
/// list of its own cached rows.
///
/// Owned by one thread.
package final class SegmentMemory {
    package let sourceLength: Int
    private let rows: KeyValueRows
    private var lease: KeyValueRows.Lease
    private let source: AlignedBuffer<UnsafePointer<Float>?>
    /// `[2, hypotheses, capacity]`: one half is read while the other one is written.
    private let histories: AlignedBuffer<UnsafePointer<Float>?>
    private let hypotheses: Int
    private let capacity: Int
    private var half = 0
    /// `[rows of a step, sourceLength]`, when alignments are asked for.
    private let alignments: AlignedBuffer<Float>?

    /// - Parameters:
    ///   - hypotheses: The most that live at a time.
    ///   - capacity: The most decoder positions of a hypothesis.
    ///   - stepRows: The most rows that one step has of this segment; only for alignments.
    package init(
        sourceLength: Int, hypotheses: Int, capacity: Int, stepRows: Int, keepsAlignments: Bool, rows: KeyValueRows
    ) {
        self.sourceLength = sourceLength
        self.hypotheses = hypotheses
        self.capacity = capacity
        self.rows = rows
        lease = KeyValueRows.Lease(reserving: sourceLength + hypotheses * capacity)
        source = AlignedBuffer(count: sourceLength)
        histories = AlignedBuffer(count: 2 * hypotheses * capacity)
        alignments = keepsAlignments ? AlignedBuffer(count: stepRows * sourceLength) : nil
    }

    deinit {
        rows.giveBack(&lease)
    }

    /// Takes the row for the source's state at `index`.
    package func takeSourceRow(_ index: Int) -> UnsafeMutablePointer<Float> {
        let row = rows.take(for: &lease)
        source.pointer[index] = UnsafePointer(row)
        return row
    }

    /// Returns the row that computes `token` at `position` of a hypothesis.
    ///
    /// - Parameter stepIndex: Which of this segment's rows in this step it is.
    package func row(
        _ token: Int32, position: Int, hypothesis: Int, stepIndex: Int
    ) -> DecoderRow {
        precondition(position < capacity && hypothesis < hypotheses, "a row must lie within the segment's memory")
        let cache = rows.take(for: &lease)
        let history = history(hypothesis, half: half)
        history[position] = UnsafePointer(cache)
        return DecoderRow(
            token: token, position: position, cache: cache, history: UnsafePointer(history),
            source: UnsafePointer(source.pointer), sourceLength: sourceLength,
            alignment: alignments.map { $0.pointer + stepIndex * sourceLength })
    }

    /// The attention that a row of the last step paid to the source; nil unless asked for.
    package func alignment(_ stepIndex: Int) -> UnsafePointer<Float>? {
        alignments.map { UnsafePointer($0.pointer + stepIndex * sourceLength) }
    }

    /// Makes the first `length` positions of `old` those of hypothesis `new`, from `flip` on.
    package func continueHypothesis(_ old: Int, as new: Int, length: Int) {
        history(new, half: 1 - half).update(from: history(old, half: half), count: length)
    }

    /// Ends the reordering that `continueHypothesis` described.
    package func flip() { half = 1 - half }

    private func history(_ hypothesis: Int, half: Int) -> UnsafeMutablePointer<UnsafePointer<Float>?> {
        histories.pointer + (half * hypotheses + hypothesis) * capacity
    }
}
