import Synchronization

/// Drafts between the thread that reads and the task that submits: who submits takes all that have come meanwhile, so
/// that a slow input is submitted line by line and a fast one in large messages.
///
/// The window bounds how many there are.
final class DraftQueue: Sendable {
    typealias Entry = (index: Int, draft: DraftJob)

    private struct State {
        var entries: [Entry] = []
        var result: Result<Void, CommandError>?
        var waiting: CheckedContinuation<Void, Never>?
    }

    private let state = Mutex(State())

    func add(_ entry: sending Entry) { change { if $0.result == nil { $0.entries.append(entry) } } }

    /// Nothing follows. The first word counts.
    func finish(_ result: Result<Void, CommandError>) { change { $0.result = $0.result ?? result } }

    /// What is there is not submitted.
    func stop(_ error: CommandError) {
        change { state in
            state.entries = []
            state.result = .failure(error)
        }
    }

    /// All that are there, at least one, at most `maximum`; none at the end.
    func take(atMost maximum: Int) async throws(CommandError) -> [Entry] {
        while true {
            let (entries, result) = state.withLock { state in
                let entries = Array(state.entries.prefix(maximum))
                state.entries.removeFirst(entries.count)
                return (entries, state.result)
            }
            if !entries.isEmpty { return entries }
            if let result {
                try result.get()
                return []
            }
            await withCheckedContinuation { continuation in
                let isReady = state.withLock { state in
                    guard state.entries.isEmpty, state.result == nil else { return true }
                    state.waiting = continuation
                    return false
                }
                if isReady { continuation.resume() }
            }
        }
    }

    private func change(_ body: (inout sending State) -> Void) {
        let waiting = state.withLock { state in
            body(&state)
            return state.waiting.take()
        }
        waiting?.resume()
    }
}
