import Foundation
import Synchronization

/// Lets a command finish in its own way when it is interrupted: by Ctrl-C, by SIGTERM, by the end of its terminal. The
/// second time ends it at once.
final class Interrupt {
    private static let signals = [SIGINT, SIGTERM, SIGHUP]

    private let first: FirstSignal
    private let thread: SignalThread

    /// - Parameter handler: Called once with the signal, on a thread of its own.
    init(_ handler: @escaping @Sendable (Int32) -> Void) throws {
        // Who had a signal ignored (`nohup`, a script's `&`) still has.
        let heeded = Self.signals.filter { !Self.isIgnored($0) }
        let first = FirstSignal()
        self.first = first
        thread = try SignalThread(heeded) { number in
            guard first.take(number) else { return }
            for number in heeded { signal(number, SIG_DFL) }
            handler(number)
        }
    }

    static func isIgnored(_ signal: Int32) -> Bool {
        var inherited = sigaction()
        sigaction(signal, nil, &inherited)
        let handler = unsafeBitCast(inherited.__sigaction_handler.sa_handler, to: Int.self)
        return handler == unsafeBitCast(SIG_IGN, to: Int.self)
    }

    /// Ends the process as the signal would have, if one has come.
    func endIfInterrupted() {
        if let number = first.number { Self.end(by: number) }
    }

    static func end(by signal: Int32) -> Never {
        kill(getpid(), signal)
        // kill(2): it has been delivered by now, unless it is blocked.
        exit(128 + signal)
    }

    func cancel() { thread.stop() }
}

/// The signal that has come first.
private final class FirstSignal: Sendable {
    private let state = Mutex<Int32?>(nil)

    var number: Int32? { state.withLock(\.self) }

    /// - Returns: Whether there was none before.
    func take(_ number: Int32) -> Bool {
        state.withLock { first in
            guard first == nil else { return false }
            first = number
            return true
        }
    }
}
