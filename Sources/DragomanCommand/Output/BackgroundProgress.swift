import Foundation
import Synchronization

/// Draws the progress of work that only counts, on a thread of its own, so that the work is not held up.
///
/// `@unchecked Sendable`: `screen` and `hasEnded` are only touched while `condition` is locked.
final class BackgroundProgress: @unchecked Sendable {
    private let condition = NSCondition()
    private var screen: ProgressScreen
    private var hasEnded = false
    /// The work does not wait for a terminal that does not take a line.
    private let count = Atomic(0)
    private let isEnabled: Bool

    /// - Parameter total: How many there are in all.
    init(unit: String, total: Int, messages: OutputFile = .standardError) {
        isEnabled = messages.isTerminal
        screen = ProgressScreen(
            messages: messages, isEnabled: isEnabled, line: ProgressLine(unit: unit, total: total))
    }

    /// The work begins. To be called once.
    func begin() {
        guard isEnabled else { return }
        startBlockingThread(named: "progress") { [self] in
            condition.lock()
            defer { condition.unlock() }
            screen.restart()
            while !hasEnded, let update = screen.nextUpdate {
                _ = condition.wait(until: update)
                if hasEnded { break }
                screen.line.reach(count.load(ordering: .relaxed))
                screen.updateIfDue()
            }
        }
    }

    func add() { count.add(1, ordering: .relaxed) }

    /// Takes the line away; nothing is drawn any more.
    func end() {
        condition.lock()
        hasEnded = true
        screen.erase()
        condition.signal()
        condition.unlock()
    }
}
