package import Foundation
import Synchronization

/// A program that runs beside the test until it ends or is killed. It never outlives the object, nor the test's process.
package final class DaemonProcess: Sendable {
    package enum End: Sendable, Hashable {
        case status(Int32)
        case signal(Int32)
    }

    private struct State {
        var end: End?
        var waiting: [CheckedContinuation<End, Never>] = []
    }

    package let identifier: pid_t
    /// What it has written to standard output and standard error.
    package let log: URL
    private let fate: Fate
    private static let births = Mutex(())

    /// Shared with the thread that waits for the end, which must not keep the process alive.
    private final class Fate: Sendable {
        let state = Mutex(State())
    }

    /// Starts a program.
    ///
    /// - Parameters:
    ///   - environment: Over the test's own, of which it gets no setting of Dragoman's.
    ///   - log: Appended to, so that all runs of a daemon are in one file.
    package init(_ program: String, _ arguments: [String], environment: [String: String], log: URL) throws {
        var inherited = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("DRAGOMAN_") }
        // Nor the configuration that this host may have.
        inherited["DRAGOMAN_CONFIG"] = ""
        // Tests send a sentence again and again, and count on the time that each takes.
        inherited["DRAGOMAN_WORKER_CACHE_BYTES"] = "0"
        inherited.merge(environment) { $1 }
        let output = open(log.path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard output >= 0 else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
        defer { close(output) }
        // One at a time, so that no child is born with another's end of a leash.
        let (child, leash) = try Self.births.withLock { _ in
            let child = try Child.spawn(program, arguments, environment: inherited, output: output)
            do {
                return (child, try Leash(on: child))
            } catch {
                Child.end(child)
                throw error
            }
        }
        identifier = child
        self.log = log
        let fate = Fate()
        self.fate = fate
        Thread.detachNewThread { Self.watch(child, leash, fate) }
    }

    deinit { send(SIGKILL) }

    /// Does nothing when it has ended.
    package func send(_ signal: Int32) {
        // It is reaped under the same lock, so that the number is not another process's yet.
        fate.state.withLock { state in
            if state.end == nil { kill(identifier, signal) }
        }
    }

    package var hasEnded: Bool { fate.state.withLock { $0.end != nil } }

    /// Waits for its end.
    package func end() async -> End {
        await withCheckedContinuation { continuation in
            let end = fate.state.withLock { state -> End? in
                if state.end == nil { state.waiting.append(continuation) }
                return state.end
            }
            if let end { continuation.resume(returning: end) }
        }
    }

    /// Kills it and waits until nothing of it is left.
    @discardableResult
    package func stop(_ signal: Int32 = SIGKILL) async -> End {
        send(signal)
        return await end()
    }

    private static func watch(_ child: pid_t, _ leash: Leash, _ fate: Fate) {
        var information = siginfo_t()
        // waitid(2), WNOWAIT: leaves it to be reaped.
        while waitid(P_PID, id_t(child), &information, WEXITED | WNOWAIT) != 0, errno == EINTR {}
        leash.release()
        let (end, waiting) = fate.state.withLock { state -> (End, [CheckedContinuation<End, Never>]) in
            let end = Child.reap(child)
            state.end = end
            defer { state.waiting = [] }
            return (end, state.waiting)
        }
        for continuation in waiting { continuation.resume(returning: end) }
    }
}
