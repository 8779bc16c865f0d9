import Foundation

/// The thread that writes: results to the output, and what is said about them to standard error.
struct ResultWriter: Sendable {
    private static let blockBytes = 64 << 10

    /// Whether the output itself says what failed, and messages need not.
    private let outputHasFailures: Bool
    /// Whether failures of one kind are written once and then counted.
    private let sumsFailuresUp: Bool
    private let output: OutputFile
    private let messages: OutputFile
    private let showsProgress: Bool
    private let window: SharedWindow
    /// What one outcome is of: `lines`.
    private let unit: String

    init(session: TranslationSession, window: SharedWindow) {
        self.init(
            output: session.output, messages: session.messages, outputHasFailures: session.format.style == .json,
            showsProgress: session.showsProgress, unit: "lines", window: window)
    }

    init(
        output: OutputFile, messages: OutputFile, outputHasFailures: Bool, sumsFailuresUp: Bool = false,
        showsProgress: Bool, unit: String, window: SharedWindow
    ) {
        self.output = output
        self.messages = messages
        self.outputHasFailures = outputHasFailures
        self.sumsFailuresUp = sumsFailuresUp
        self.showsProgress = showsProgress
        self.unit = unit
        self.window = window
    }

    /// - Returns: How many requests failed.
    /// - Throws: `CommandError` when the output cannot be written.
    func run() throws(CommandError) -> Int {
        var screen = ProgressScreen(
            messages: messages, isEnabled: showsProgress, line: ProgressLine(unit: unit))
        defer { screen.erase() }
        var count = 0
        var failureCount = 0
        var repeated = RepeatedMessages()
        while true {
            switch window.next(before: screen.nextUpdate) {
            case .end:
                screen.erase()
                for line in repeated.summary { try? messages.write("dragoman: \(line)\n") }
                report(failures: failureCount, of: count)
                return failureCount
            case .nothingYet: break
            case .outcomes(let outcomes):
                try write(outcomes, &screen, &repeated)
                count += outcomes.count
                failureCount += outcomes.count(where: \.hasFailed)
            }
            screen.line.total = window.total
            screen.updateIfDue()
        }
    }

    private func write(
        _ outcomes: [Outcome], _ screen: inout ProgressScreen, _ repeated: inout RepeatedMessages
    ) throws(CommandError) {
        var block: [UInt8] = []
        do {
            for outcome in outcomes {
                screen.line.add(outcome)
                block += outcome.output
                for message in outcome.messages {
                    if sumsFailuresUp, outcome.hasFailed, !repeated.isNew(message) { continue }
                    screen.erase()
                    try? messages.write("dragoman: \(message)\n")
                }
                if block.count >= Self.blockBytes {
                    try output.write(block)
                    block.removeAll(keepingCapacity: true)
                }
            }
            try output.write(block)
        } catch {
            throw CommandError(writing: error)
        }
    }

    /// Where errors are part of the output, someone who reads standard error should hear of them too.
    private func report(failures: Int, of count: Int) {
        guard outputHasFailures, failures > 0 else { return }
        try? messages.write(
            "dragoman: \(failures) of \(count) \(unit == "lines" ? "requests" : unit) failed; the output says why\n")
    }
}
