/// Puts results back into the order of their requests, and bounds how many requests there may be in between.
///
/// A request counts from the moment it is read until its result has been written: how many are waiting is bounded by
/// `countMaximum`, and their input together with what is known of their output by `bytesMaximum`. A single request may
/// be larger than that; then it is alone.
package struct Window: Sendable {
    package struct Limits: Sendable, Equatable {
        /// Enough to fill the engine's batches with sentences of similar length.
        package var countMaximum = 4096
        package var bytesMaximum = 16 << 20

        package init() {}
    }

    private let limits: Limits
    private var costs: [Int: Int] = [:]
    private var finished: [Int: Outcome] = [:]
    private var bytes = 0
    /// The next index that is given to a request.
    package private(set) var nextIndex = 0
    /// The first index whose result has not been taken.
    private var nextTaken = 0
    /// The first index whose result has not been written.
    private var nextWritten = 0

    package init(limits: Limits = Limits()) { self.limits = limits }

    package var isEmpty: Bool { nextWritten == nextIndex }

    package var isFull: Bool {
        !isEmpty && (nextIndex - nextWritten >= limits.countMaximum || bytes >= limits.bytesMaximum)
    }

    /// Whether there is something to take.
    package var isReady: Bool { finished[nextTaken] != nil }

    /// Lets a request in, and gives it its index.
    package mutating func admit(bytes count: Int) -> Int {
        precondition(!isFull, "a request was let into a full window")
        let index = nextIndex
        nextIndex += 1
        costs[index] = count
        bytes += count
        return index
    }

    package mutating func finish(_ index: Int, _ outcome: Outcome) {
        precondition(costs[index] != nil && finished[index] == nil, "request \(index) finished twice, or never began")
        finished[index] = outcome
        costs[index, default: 0] += outcome.output.count
        bytes += outcome.output.count
    }

    /// The results that are next in order, as many as are ready. They count until `retire()`.
    package mutating func take() -> [Outcome] {
        var outcomes: [Outcome] = []
        while let outcome = finished.removeValue(forKey: nextTaken) {
            outcomes.append(outcome)
            nextTaken += 1
        }
        return outcomes
    }

    /// What has been taken is written.
    package mutating func retire() {
        while nextWritten < nextTaken {
            bytes -= costs.removeValue(forKey: nextWritten) ?? 0
            nextWritten += 1
        }
    }
}
