package import CKernels
import Tensors

extension Transformer {
    /// Reads the logits of some of the rows that `decode` left in the workspace without ever having all of them: a block
    /// of columns at a time, while it is in the nearest caches.
    ///
    /// - Parameters:
    ///   - counts: How many of its best tokens each row of the range is asked for; at least 1.
    ///   - areSummed: Whether the sums of exponentials are wanted.
    /// - Returns: What was found for each row of the range, valid until the next call.
    package func summarizeLogits(
        _ counts: some Collection<Int>, areSummed: Bool, of range: Range<Int>, in workspace: Workspace
    ) -> UnsafePointer<dragoman_summary> {
        let summaries = workspace.summaries(counts, areSummed: areSummed)
        let rows = outputRows(range, in: workspace), part = workspace.logitColumns(rows: rows.count)
        for start in stride(from: 0, to: output.columns, by: part) {
            read(rows, columns: start..<min(start + part, output.columns), summaries, in: workspace)
        }
        return UnsafePointer(summaries)
    }

    /// Whether `screenLogits` is faster for so many rows than `summarizeLogits`, and possible.
    package func canScreenLogits(rows: Int, in workspace: Workspace) -> Bool {
        output.isBounded(rows: rows, by: workspace.kernels)
    }

    /// Finds the best allowed token of each row in the range without computing most of the logits: what bounds them is
    /// cheaper, and tells which groups of columns may hold the best one.
    ///
    /// - Parameters:
    ///   - counts: One more than how many tokens each row may be forbidden.
    ///   - isAllowed: Whether a row of the range may take a token.
    /// - Returns: For each row of the range a summary whose first allowed token is that of `summarizeLogits`; valid until
    ///   the next call. And how many groups of columns were computed.
    package func screenLogits(
        _ counts: some Collection<Int>, of range: Range<Int>, in workspace: Workspace,
        isAllowed: (_ row: Int, _ token: Int32) -> Bool
    ) -> (summaries: UnsafePointer<dragoman_summary>, groups: Int) {
        let summaries = workspace.summaries(counts, areSummed: false), rows = outputRows(range, in: workspace)
        output.bound(rows, into: workspace.bounds.pointer, in: workspace)
        var groups = 0
        for (index, row) in range.enumerated() {
            let bounds = UnsafeBufferPointer(
                start: workspace.bounds.pointer + index * output.groups, count: output.groups)
            groups += findBest(
                of: rows.row(index, width: configuration.width), within: bounds, summaries + index, in: workspace
            ) { isAllowed(row, $0) }
        }
        return (UnsafePointer(summaries), groups)
    }

    /// - Parameter bounds: What no logit of each group of columns exceeds.
    /// - Returns: How many groups were computed.
    private func findBest(
        of row: Rows, within bounds: UnsafeBufferPointer<Float>,
        _ summary: UnsafeMutablePointer<dragoman_summary>, in workspace: Workspace, isAllowed: (Int32) -> Bool
    ) -> Int {
        var count = 0
        func read(_ groups: Range<Int>) {
            let columns = groups.lowerBound * Crew.columnGroup..<groups.upperBound * Crew.columnGroup
            self.read(row, columns: columns.clamped(to: 0..<output.columns), summary, in: workspace)
            count += groups.count
        }
        // What the best token so far reaches: an equal one may still come before it by its number.
        func best() -> Float {
            let held = 0..<summary.pointee.held
            guard let rank = held.first(where: { isAllowed(summary.pointee.indices[$0]) }) else { return -.infinity }
            return summary.pointee.values[rank]
        }
        // The most promising groups go first, only to know what others must reach: the order of equals is by columns.
        var floor = -Float.infinity
        for group in workspace.mostPromising(bounds) where bounds[Int(group)] > floor {
            summary.pointee.held = 0
            read(Int(group)..<Int(group) + 1)
            floor = max(floor, best())
        }
        summary.pointee.held = 0
        // Neighbours are computed together: where no token stands out, there are many.
        let together = workspace.logitColumns(rows: 1) / Crew.columnGroup
        var group = 0
        while let first = bounds[group...].firstIndex(where: { $0 >= floor }) {
            let limit = bounds[first..<min(first + together, bounds.count)]
            group = limit.firstIndex { !($0 >= floor) } ?? limit.endIndex
            let least = best()
            if bounds[first..<group].contains(where: { $0 >= least }) { read(first..<group) }
        }
        return count
    }

    /// Computes the logits of some columns, and adds them to the rows' summaries.
    private func read(
        _ rows: Rows, columns: Range<Int>, _ summaries: UnsafeMutablePointer<dragoman_summary>, in workspace: Workspace
    ) {
        let logits = workspace.logits.pointer
        output.apply(rows, columns: columns, into: logits, stride: columns.count, in: workspace)
        for row in 0..<rows.count {
            workspace.kernels.table.pointee.summarize(
                logits + row * columns.count, columns.count, columns.lowerBound, summaries + row)
        }
    }
}
