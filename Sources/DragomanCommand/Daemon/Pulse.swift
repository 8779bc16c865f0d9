import Clocks
import Logging
import Synchronization
import Systemd

/// Feeds systemd's watchdog for as long as every part of the process turns: one that hangs cannot hide behind another.
final class Pulse: Sendable {
    private struct State {
        var watchdog: Watchdog
        var turned: Set<DaemonPart> = []
    }

    private let state: Mutex<State?>
    private let parts: Set<DaemonPart>
    private let notify: Notify
    private let logger: Logger

    /// - Parameters:
    ///   - parts: Those that must turn; the beats of others are not looked at.
    ///   - watchdog: nil when there is no watchdog.
    init(of parts: Set<DaemonPart>, watchdog: Watchdog?, notify: Notify, logger: Logger) {
        state = Mutex(watchdog.map { State(watchdog: $0) })
        self.parts = parts
        self.notify = notify
        self.logger = logger
    }

    /// Something is done that all of these wait for.
    func beat(of parts: Set<DaemonPart>) {
        for part in parts { beat(of: part, at: .nanoseconds(Int64(SystemClock.monotonic))) }
    }

    /// A part's loop has done a turn of its work.
    func beat(of part: DaemonPart, at now: Duration) {
        guard parts.contains(part) else { return }
        let isDue = state.withLock { state in
            state?.turned.insert(part)
            guard state?.turned == parts, state?.watchdog.onProgress(at: now) == true else { return false }
            state?.turned.removeAll()
            return true
        }
        guard isDue else { return }
        do {
            try notify.send(.watchdog)
        } catch {
            logger.error("systemd's watchdog cannot be fed", metadata: ["problem": "\(error)"])
        }
    }
}
