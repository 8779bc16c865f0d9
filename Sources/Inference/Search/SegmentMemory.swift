import Tensors

/// What the decoder remembers of one segment: the encoder's states as cached rows, and for each live hypothesis the
/// list of its own cached rows.
///
/// The rows of all hypotheses are a tree; a row that no live hypothesis ends in or passes through is used again.
///
/// Owned by one thread.
package final class SegmentMemory {
    private struct CachedRow {
        var pointer: UnsafeMutableRawPointer
        /// The row of the token before, or `none`.
        var parent: Int32
        /// How many rows and hypotheses come right after.
        var users: Int32
    }

    private static let none: Int32 = -1

    package let sourceLength: Int
    private let rows: KeyValueRows
    private var lease: KeyValueRows.Lease
    private let source: AlignedBuffer<UnsafeRawPointer?>
    /// `[2, hypotheses, capacity]`: one half is read while the other one is written.
    private let histories: AlignedBuffer<UnsafeRawPointer?>
    /// `[2, hypotheses]`: the last row of each hypothesis.
    private let ends: AlignedBuffer<Int32>
    private var cachedRows: [CachedRow] = []
    private var freeRows: [Int32] = []
    private let hypotheses: Int
    private let capacity: Int
    private var half = 0
    /// `[rows of a step, kinds, sourceLength]`, when alignments or the attention of heads are asked for: first the
    /// alignment, then each head's.
    private let attention: AlignedBuffer<Float>?
    private let attentionLength: Int
    private let keepsAlignments: Bool
    private let heads: AlignedBuffer<AttentionHead>?

    /// - Parameters:
    ///   - hypotheses: The most that live at a time.
    ///   - capacity: The most decoder positions of a hypothesis.
    ///   - stepRows: The most rows that one step has of this segment; only for alignments.
    ///   - attentionHeads: Heads whose attention is kept.
    package init(
        sourceLength: Int, hypotheses: Int, capacity: Int, stepRows: Int, keepsAlignments: Bool,
        attentionHeads: [AttentionHead] = [], rows: KeyValueRows
    ) {
        self.sourceLength = sourceLength
        self.hypotheses = hypotheses
        self.capacity = capacity
        self.rows = rows
        lease = KeyValueRows.Lease(reserving: sourceLength + hypotheses * capacity)
        source = AlignedBuffer(count: sourceLength)
        histories = AlignedBuffer(count: 2 * hypotheses * capacity)
        ends = AlignedBuffer(count: 2 * hypotheses)
        ends.pointer.update(repeating: Self.none, count: ends.count)
        cachedRows.reserveCapacity(hypotheses * capacity)
        freeRows.reserveCapacity(hypotheses * capacity)
        self.keepsAlignments = keepsAlignments
        attentionLength = ((keepsAlignments ? 1 : 0) + attentionHeads.count) * sourceLength
        attention = attentionLength > 0 ? AlignedBuffer(count: stepRows * attentionLength) : nil
        heads = attentionHeads.isEmpty ? nil : AlignedBuffer(count: attentionHeads.count)
        if let heads { for (index, head) in attentionHeads.enumerated() { heads.pointer[index] = head } }
    }

    deinit {
        rows.giveBack(&lease)
    }

    /// Takes the row for the source's state at `index`.
    package func takeSourceRow(_ index: Int) -> UnsafeMutableRawPointer {
        let row = rows.take(for: &lease)
        source.pointer[index] = UnsafeRawPointer(row)
        return row
    }

    /// Returns the row that computes `token` at `position` of a hypothesis, which becomes its end.
    ///
    /// - Parameter stepIndex: Which of this segment's rows in this step it is.
    package func row(
        _ token: Int32, position: Int, hypothesis: Int, stepIndex: Int
    ) -> DecoderRow {
        precondition(position < capacity && hypothesis < hypotheses, "a row must lie within the segment's memory")
        let end = ends.pointer + half * hypotheses + hypothesis
        // The hypothesis leaves the row before to this one.
        end.pointee = takeRow(after: end.pointee)
        let cache = cachedRows[Int(end.pointee)].pointer
        let history = history(hypothesis, half: half)
        history[position] = UnsafeRawPointer(cache)
        var row = DecoderRow(
            token: token, position: position, cache: cache, history: UnsafePointer(history),
            source: UnsafePointer(source.pointer), sourceLength: sourceLength)
        if let attention {
            let weights = attention.pointer + stepIndex * attentionLength
            if keepsAlignments { row.alignment = weights }
            if let heads {
                row.heads = UnsafeBufferPointer(start: heads.pointer, count: heads.count)
                row.headWeights = keepsAlignments ? weights + sourceLength : weights
            }
        }
        return row
    }

    /// The attention that a row of the last step paid to the source: the alignment and the heads' that are asked for; nil
    /// if none is.
    package func alignment(_ stepIndex: Int) -> UnsafePointer<Float>? {
        attention.map { UnsafePointer($0.pointer + stepIndex * attentionLength) }
    }

    /// Makes the first `length` positions of `old` those of hypothesis `new`, from `flip` on.
    package func continueHypothesis(_ old: Int, as new: Int, length: Int) {
        history(new, half: 1 - half).update(from: history(old, half: half), count: length)
        let end = ends.pointer[half * hypotheses + old]
        ends.pointer[(1 - half) * hypotheses + new] = end
        cachedRows[Int(end)].users += 1
    }

    /// Ends the reordering that `continueHypothesis` described; the hypotheses that were not named are gone.
    package func flip() {
        for hypothesis in 0..<hypotheses {
            release(ends.pointer[half * hypotheses + hypothesis])
            ends.pointer[half * hypotheses + hypothesis] = Self.none
        }
        half = 1 - half
    }

    private func history(_ hypothesis: Int, half: Int) -> UnsafeMutablePointer<UnsafeRawPointer?> {
        histories.pointer + (half * hypotheses + hypothesis) * capacity
    }

    private func takeRow(after parent: Int32) -> Int32 {
        if let free = freeRows.popLast() {
            cachedRows[Int(free)].parent = parent
            cachedRows[Int(free)].users = 1
            return free
        }
        cachedRows.append(CachedRow(pointer: rows.take(for: &lease), parent: parent, users: 1))
        return Int32(cachedRows.count - 1)
    }

    /// Takes one user from a row; without users it is free, and its parent has one less.
    private func release(_ row: Int32) {
        var row = row
        while row != Self.none {
            cachedRows[Int(row)].users -= 1
            if cachedRows[Int(row)].users > 0 { return }
            freeRows.append(row)
            row = cachedRows[Int(row)].parent
        }
    }
}
