import Foundation
import ZeroMQ

/// Tells of signals, one after the other, on a thread of its own. A process has one at a time.
///
/// A handler may call next to nothing (signal-safety(7)), so it writes the signal's number to a pipe, which the thread
/// reads. No signal is blocked, so none is to be unblocked in child processes, and in those a handler is the default again
/// (execve(2)).
package final class SignalThread: Sendable {
    private static let pipe = Pipe()

    private let thread: JoinableThread
    private let inherited: [(signal: Int32, action: sigaction)]

    /// - Parameter handler: Called on the thread.
    /// - Throws: `SystemError`, `ZeroMQError`: no file descriptor or thread is left.
    package init(_ signals: [Int32], _ handler: @escaping @Sendable (Int32) -> Void) throws {
        let pipe = Self.pipe
        guard pipe.problem == 0 else { throw SystemError("pipe for signals", pipe.problem) }
        thread = try JoinableThread {
            while let signal = pipe.read() { if signals.contains(signal) { handler(signal) } }
        }
        inherited = signals.map { ($0, Self.handle($0)) }
    }

    /// From here on, signals do what they did before. Not to be called from the handler.
    package func stop() {
        for (signal, action) in inherited {
            var action = action
            sigaction(signal, &action, nil)
        }
        Self.pipe.write(Pipe.end)
        thread.join()
    }

    /// - Returns: What was done about the signal before.
    private static func handle(_ signal: Int32) -> sigaction {
        var (action, before) = (sigaction(), sigaction())
        sigemptyset(&action.sa_mask)
        action.sa_flags = SA_RESTART
        action.__sigaction_handler.sa_handler = { number in
            let code = errno
            SignalThread.pipe.write(UInt8(truncatingIfNeeded: number))
            errno = code
        }
        // sigaction(2): fails for signals that do not exist or cannot be caught.
        precondition(sigaction(signal, &action, &before) == 0, "signal \(signal) cannot be handled")
        return before
    }

    /// It is never closed: a handler may be about to write to it.
    private struct Pipe: Sendable {
        static let end: UInt8 = 0

        let problem: Int32
        private let ends: (read: Int32, write: Int32)

        init() {
            var ends: [Int32] = [-1, -1]
            problem = Foundation.pipe(&ends) == 0 ? 0 : errno
            self.ends = (ends[0], ends[1])
            for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
            // A handler must not wait; when 65,536 signals are not dealt with, one more says nothing new.
            _ = fcntl(ends[1], F_SETFL, O_NONBLOCK)
        }

        func write(_ byte: UInt8) {
            var byte = byte
            _ = Foundation.write(ends.write, &byte, 1)
        }

        /// Waits for the next signal; nil: for no more.
        func read() -> Int32? {
            var byte: UInt8 = 0
            while Foundation.read(ends.read, &byte, 1) != 1 {}
            return byte == Self.end ? nil : Int32(byte)
        }
    }
}
