package import Logging
import Synchronization
package import ZeroMQ

/// What is refused, and what the audit log has: the first of each kind in full, the others summed up once a period.
/// Strangers decide how many refusals there are, and must not fill the disk with them.
package final class RefusalLog: Sendable {
    private struct Count {
        var inFull = 0
        var summed = 0
    }

    /// Of each kind in a period.
    private static let refusalsInFull = 5
    private static let auditsInFull = 200
    private static let periodNanoseconds: UInt64 = 60_000_000_000

    private let logger: Logger
    private let state = Mutex((counts: [String: Count](), periodEnds: UInt64.max))

    /// Where those come from that wait for an answer to their keys.
    private let origins = Mutex<@Sendable () -> [String]>({ [] })

    package init(logger: Logger) { self.logger = logger }

    package func find(origins find: @escaping @Sendable () -> [String]) { origins.withLock { $0 = find } }

    package func record(_ refusal: Refusal) {
        let refusal = refusal.from(origins.withLock(\.self)())
        var fields: Logger.Metadata = ["audit": "refused", "problem": "\(refusal)"]
        if let key = refusal.key { fields["key"] = "\(key)" }
        record("connection refused", kind: refusal.kind, fields)
    }

    package func record(_ refusal: GateRefusal) {
        record("connection closed", kind: refusal.kind, ["audit": "refused", "problem": "\(refusal)"])
    }

    package func record(_ message: String, kind: String, _ fields: Logger.Metadata) {
        log(.warning, message, kind: kind, inFull: Self.refusalsInFull, fields)
    }

    /// Who did what.
    package func audit(_ action: String, _ fields: Logger.Metadata) {
        log(.notice, "audit: \(action)", kind: action, inFull: Self.auditsInFull, fields)
    }

    private func log(
        _ level: Logger.Level, _ message: String, kind: String, inFull: Int, _ fields: Logger.Metadata
    ) {
        let isInFull = state.withLock { state in
            var count = state.counts[kind, default: Count()]
            defer { state.counts[kind] = count }
            guard count.inFull < inFull else {
                count.summed += 1
                return false
            }
            count.inFull += 1
            return true
        }
        if isInFull { logger.log(level: level, "\(message)", metadata: fields) }
    }

    /// To be called now and then.
    ///
    /// - Parameter now: Monotonic nanoseconds.
    package func sumUp(at now: UInt64) {
        let sums = state.withLock { state -> [(kind: String, count: Int)] in
            guard !state.counts.isEmpty else { return [] }
            if state.periodEnds == .max { state.periodEnds = now + Self.periodNanoseconds }
            guard now >= state.periodEnds else { return [] }
            defer { state = ([:], .max) }
            return state.counts.filter { $0.value.summed > 0 }.map { ($0.key, $0.value.summed) }.sorted { $0 < $1 }
        }
        for (kind, count) in sums {
            logger.warning(
                "more of the same, not logged one by one",
                metadata: ["audit": "summary", "problem": "\(kind)", "count": "\(count)", "period_s": "60"])
        }
    }
}
