import JobModel
import Synchronization

/// Between the client's thread, which fills it, and a consumer's task.
final class ResultFeed: Sendable {
    let records: AsyncThrowingStream<Record, any Error>
    private let continuation: AsyncThrowingStream<Record, any Error>.Continuation
    private let onDropped: @Sendable (ClosedRange<UInt64>) -> Void
    private let state = Mutex(State())

    private struct State {
        var acknowledged: UInt64 = 0
        /// Whether the client's thread has been told that there is a new acknowledgement, and has not looked yet.
        var isAnnounced = false
        var lastSequence: UInt64 = 0
        var position: Result<Results.Position, ClientError>?
        var hasEnded = false
        var waitingForPosition: [CheckedContinuation<Result<Results.Position, ClientError>, Never>] = []
        var waitingForEnd: [CheckedContinuation<Void, Never>] = []
    }

    init(onDropped: @escaping @Sendable (ClosedRange<UInt64>) -> Void) {
        // Unbounded as far as the stream goes; the session's window bounds it.
        (records, continuation) = AsyncThrowingStream<Record, any Error>.makeStream()
        self.onDropped = onDropped
    }

    // MARK: The consumer's side

    /// - Returns: Whether the client's thread must be told.
    func acknowledge(upTo sequence: UInt64) -> Bool {
        state.withLock { state in
            guard sequence > state.acknowledged else { return false }
            state.acknowledged = sequence
            defer { state.isAnnounced = true }
            return !state.isAnnounced
        }
    }

    var lastSequence: UInt64 { state.withLock { $0.lastSequence } }

    func position() async -> Result<Results.Position, ClientError> {
        await withCheckedContinuation { continuation in
            let known = state.withLock { state in
                if state.position == nil { state.waitingForPosition.append(continuation) }
                return state.position
            }
            if let known { continuation.resume(returning: known) }
        }
    }

    func ended() async {
        await withCheckedContinuation { continuation in
            let hasEnded = state.withLock { state in
                if !state.hasEnded { state.waitingForEnd.append(continuation) }
                return state.hasEnded
            }
            if hasEnded { continuation.resume() }
        }
    }

    // MARK: The client's side

    func takeAcknowledgement() -> UInt64 {
        state.withLock { state in
            state.isAnnounced = false
            return state.acknowledged
        }
    }

    func deliver(_ record: Record) { continuation.yield(record) }

    func drop(_ sequences: ClosedRange<UInt64>) { onDropped(sequences) }

    func reach(_ lastSequence: UInt64) { state.withLock { $0.lastSequence = max($0.lastSequence, lastSequence) } }

    func attach(at position: Results.Position) {
        reach(position.last)
        settle(.success(position))
    }

    func end(_ error: ClientError?) {
        settle(.failure(error ?? .cancelled))
        continuation.finish(throwing: error)
        let waiting = state.withLock { state in
            state.hasEnded = true
            defer { state.waitingForEnd.removeAll() }
            return state.waitingForEnd
        }
        for continuation in waiting { continuation.resume() }
    }

    /// The first answer counts: a reader that attaches anew goes on where it was.
    private func settle(_ position: Result<Results.Position, ClientError>) {
        let waiting = state.withLock { state in
            guard state.position == nil else {
                return [CheckedContinuation<Result<Results.Position, ClientError>, Never>]()
            }
            state.position = position
            defer { state.waitingForPosition.removeAll() }
            return state.waitingForPosition
        }
        for continuation in waiting { continuation.resume(returning: position) }
    }
}
