import Foundation

/// A `Window` between the thread that reads, the tasks that translate and the thread that writes.
///
/// Only the two threads ever wait here, each for the other, so that no task holds up the cooperative pool.
///
/// `@unchecked Sendable`: every stored variable is only touched while `condition` is locked.
final class SharedWindow: @unchecked Sendable {
    enum Next: Sendable {
        case outcomes([Outcome])
        /// The deadline has passed, and nothing is ready.
        case nothingYet
        /// All that was admitted has been taken, and no more will be.
        case end
    }

    private let condition = NSCondition()
    private var window: Window
    private var isClosed = false
    private var hasStopped = false
    private var isWhole = false

    init(limits: Window.Limits) { window = Window(limits: limits) }

    /// Waits for room. Called by the reading thread.
    ///
    /// - Returns: The request's index; `nil` when no more requests are wanted.
    func admit(bytes: Int) -> Int? {
        condition.withLock {
            while window.isFull && !hasStopped { condition.wait() }
            return hasStopped ? nil : window.admit(bytes: bytes)
        }
    }

    /// The input has been read to its end. Called by the reading thread.
    func end() { condition.withLock { isWhole = true } }

    /// How many requests there are in all; nil: the input has not been read to its end.
    var total: Int? { condition.withLock { isWhole ? window.nextIndex : nil } }

    /// Called by a request's task.
    func finish(_ index: Int, _ outcome: Outcome) {
        condition.withLock {
            let wasReady = window.isReady
            window.finish(index, outcome)
            if window.isReady && !wasReady { condition.broadcast() }
        }
    }

    /// Everything that was admitted has finished, and nothing follows.
    func close() {
        condition.withLock {
            isClosed = true
            condition.broadcast()
        }
    }

    /// Nobody takes requests any more: lets nobody in, and nobody wait for room.
    func stop() {
        condition.withLock {
            hasStopped = true
            condition.broadcast()
        }
    }

    /// Waits for the next results in order. Called by the writing thread, once it has written those of the last call.
    func next(before deadline: Date?) -> Next {
        condition.withLock {
            let wasFull = window.isFull
            window.retire()
            if wasFull && !window.isFull { condition.broadcast() }
            while !window.isReady {
                if isClosed { return .end }
                if let deadline {
                    guard condition.wait(until: deadline) else { return .nothingYet }
                } else {
                    condition.wait()
                }
            }
            return .outcomes(window.take())
        }
    }
}

extension NSCondition {
    fileprivate func withLock<Value>(_ body: () -> Value) -> Value {
        lock()
        defer { unlock() }
        return body()
    }
}
