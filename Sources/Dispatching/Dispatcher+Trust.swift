import Clocks
import JobModel
import SettingValues

/// Workers that live, take chunks, and do not answer. One that does so again and again is given less, so that it does not
/// use up the attempts of every job in the queue while others do the work.
extension Dispatcher {
    /// The longest pause, in milliseconds: a worker that was mended is not to wait for minutes.
    private static let pauseMaximum: UInt64 = 60_000

    mutating func mistrust(_ worker: WorkerRef) {
        roster[worker].unanswered += 1
        guard roster[worker].isMistrusted, roster[worker].pausedUntil <= now.monotonic else { return }
        if roster[worker].pauseCount == 0 {
            outbox.note(
                .warning, "a worker does not answer: it is given one chunk at a time, after growing pauses",
                ["instance": roster[worker].instance])
        }
        roster[worker].pauseCount += 1
        var backoff = Backoff(
            base: .milliseconds(settings.broker.backoffBaseMs),
            maximum: .milliseconds(min(UInt64(settings.broker.backoffMaxMs), Self.pauseMaximum)), seed: random.next())
        roster[worker].pausedUntil = now.monotonic.saturatingAdd(
            backoff.wait(after: roster[worker].pauseCount).nanoseconds)
    }

    mutating func trust(_ worker: WorkerRef) {
        if roster[worker].pauseCount > 0 {
            outbox.note(.notice, "the worker answers again", ["instance": roster[worker].instance])
        }
        roster[worker].unanswered = 0
        roster[worker].pauseCount = 0
        roster[worker].pausedUntil = 0
    }

    /// A worker's answer could not be read. It has been told, and may send another, or FAIL; but not for ever.
    mutating func answerRefused(_ name: LeaseName, from peer: Peer) {
        guard let worker = roster.find(peer), var lease = leases[name.token], lease.worker == worker, lease.name == name
        else { return }
        lease.isRefused = true
        lease.until = min(lease.until, now.after(milliseconds: settings.broker.workerDeadAfterMs))
        leases[name.token] = lease
    }
}
