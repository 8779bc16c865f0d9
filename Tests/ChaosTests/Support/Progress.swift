import Synchronization

/// How far something has come, for those who wait for it.
final class Progress: Sendable {
    private struct State {
        var value: UInt64 = 0
        var waiting: [(value: UInt64, continuation: AsyncStream<Void>.Continuation)] = []
    }

    private let state = Mutex(State())

    var value: UInt64 { state.withLock { $0.value } }

    func reach(_ value: UInt64) { change { $0 = max($0, value) } }

    func advance() { change { $0 += 1 } }

    private func change(_ body: (inout UInt64) -> Void) {
        let due = state.withLock { state in
            body(&state.value)
            let due = state.waiting.filter { $0.value <= state.value }
            state.waiting.removeAll { $0.value <= state.value }
            return due
        }
        for waiter in due { waiter.continuation.finish() }
    }

    /// - Throws: `CancellationError`.
    func wait(for value: UInt64) async throws {
        let (stream, continuation) = AsyncStream<Void>.makeStream()
        let isThere = state.withLock { state in
            if state.value < value { state.waiting.append((value, continuation)) }
            return state.value >= value
        }
        if isThere { return }
        for await _ in stream {}
        try Task.checkCancellation()
    }
}

/// Something that is over, or not yet.
final class Flag: Sendable {
    private let state = Mutex(false)

    var isSet: Bool { state.withLock { $0 } }

    func set() { state.withLock { $0 = true } }
}
