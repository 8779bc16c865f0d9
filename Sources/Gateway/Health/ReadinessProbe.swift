internal import Clocks
internal import JobModel
internal import Synchronization

/// Asks the broker whether texts would be translated. No key is needed to ask the gateway, so the broker is asked once a
/// second at most, however many do.
final class ReadinessProbe: Sendable {
    private static let age = Duration.seconds(1)

    /// When it was asked last, in monotonic nanoseconds, and what comes of it.
    private let asking = Mutex<(begun: UInt64, task: Task<String?, Never>)?>(nil)

    /// - Returns: Why it would not; nil: it would.
    func reason(_ desk: any JobDesk) async -> String? {
        let task = asking.withLock { asking in
            // Within the lock: another's time is never later than this one's.
            let now = SystemClock.monotonic
            if let asking, now - asking.begun < Self.age.nanoseconds { return asking.task }
            let task = Task { await Self.ask(desk) }
            asking = (now, task)
            return task
        }
        return await task.value
    }

    private static func ask(_ desk: any JobDesk) async -> String? {
        do throws(GatewayError) {
            return try await desk.status().readiness.reason
        } catch {
            return error.message
        }
    }
}
