package import JobModel

/// What became of jobs that were to be cancelled.
package struct CancellationTally: Sendable, Equatable {
    private var cancelled = 0
    /// They had ended before, or are gone.
    private var ended = 0

    package init() {}

    package mutating func count(_ state: JobState?) {
        if state == .cancelled { cancelled += 1 } else { ended += 1 }
    }

    package var isEmpty: Bool { cancelled + ended == 0 }

    package var text: String {
        "\(Quantity.counted(cancelled, "job")) cancelled"
            + (ended == 0 ? "" : "; \(Quantity.grouped(ended)) had ended before")
    }
}
