package import Dispatching
package import JobStore
import Synchronization

/// What a broker counts, at one moment.
package struct BrokerFigures: Sendable {
    package var measures: BrokerMeasures
    package var commits: CommitMeasures
    /// Of the store's disk; nil: it cannot be told.
    package var freeBytes: UInt64?
    /// Below this much free space no job is accepted.
    package var reservedBytes: UInt64

    package init(measures: BrokerMeasures, commits: CommitMeasures, freeBytes: UInt64?, reservedBytes: UInt64) {
        self.measures = measures
        self.commits = commits
        self.freeBytes = freeBytes
        self.reservedBytes = reservedBytes
    }
}

extension Broker {
    /// Asks the broker's thread, which answers between two turns and does not wait.
    ///
    /// - Returns: nil when it does not answer in time.
    package func figures(within patience: Duration) async -> BrokerFigures? {
        let reply = Reply<(measures: BrokerMeasures, reservedBytes: UInt64)>()
        ask { reply.give(($0, $1)) }
        let timeout = Task {
            try await Task.sleep(for: patience)
            reply.give(nil)
        }
        defer { timeout.cancel() }
        guard let (measures, reservedBytes) = await reply.value() else { return nil }
        return BrokerFigures(
            measures: measures, commits: commitMeasures, freeBytes: freeBytes, reservedBytes: reservedBytes)
    }
}

/// An answer that comes once, or is given up; what comes later is not heard.
private final class Reply<Value: Sendable>: Sendable {
    private enum State {
        case open(CheckedContinuation<Value?, Never>?)
        case given(Value?)
    }

    private let state = Mutex(State.open(nil))

    func give(_ value: Value?) {
        let continuation = state.withLock { state -> CheckedContinuation<Value?, Never>? in
            guard case .open(let continuation) = state else { return nil }
            state = .given(value)
            return continuation
        }
        continuation?.resume(returning: value)
    }

    /// To be asked for once.
    func value() async -> Value? {
        await withCheckedContinuation { continuation in
            let given = state.withLock { state -> Value?? in
                if case .given(let value) = state { return .some(value) }
                state = .open(continuation)
                return .none
            }
            if let given { continuation.resume(returning: given) }
        }
    }
}

/// How much space the store's disk has, as it was seen last.
final class DiskSpace: Sendable {
    private let bytes = Atomic<UInt64>(unknown)
    private static let unknown = UInt64.max

    var free: UInt64? {
        let seen = bytes.load(ordering: .relaxed)
        return seen == Self.unknown ? nil : seen
    }

    func note(_ free: UInt64?) { bytes.store(free ?? Self.unknown, ordering: .relaxed) }
}
