import Foundation

/// Draws the progress of work that only counts, on a thread of its own, so that the work is not held up.
///
/// `@unchecked Sendable`: every stored variable is only touched while `condition` is locked.
final class BackgroundProgress: @unchecked Sendable {
    private let condition = NSCondition()
    private var screen: ProgressScreen
    private var count = 0
    private var hasEnded = false

    /// - Parameter total: How many there are in all.
    init(unit: String, total: Int, messages: OutputFile = .standardError) {
        screen = ProgressScreen(
            messages: messages, isEnabled: messages.isTerminal, line: ProgressLine(unit: unit, total: total))
        guard messages.isTerminal else { return }
        startBlockingThread(named: "progress") { [self] in
            condition.lock()
            defer { condition.unlock() }
            while !hasEnded, let update = screen.nextUpdate {
                _ = condition.wait(until: update)
                if hasEnded { break }
                screen.line.reach(count)
                screen.updateIfDue()
            }
        }
    }

    func add() {
        condition.lock()
        count += 1
        condition.unlock()
    }

    /// Takes the line away; nothing is drawn any more.
    func end() {
        condition.lock()
        hasEnded = true
        screen.erase()
        condition.signal()
        condition.unlock()
    }
}
