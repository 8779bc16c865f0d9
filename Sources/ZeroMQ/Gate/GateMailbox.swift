internal import Synchronization

/// What the gate's thread and others have for each other.
final class GateMailbox: Sendable {
    struct News {
        var read: [UInt64: Int] = [:]
        var drains: [UInt64]
        var held = 0
        var closing: [UInt64] = []
        var leaving: [UInt64] = []
        var limits: GateLimits?
        var isStopping = false
    }

    private struct State {
        var news: News
        var addresses: [UInt64: String] = [:]
        var knocking: [UInt64: String] = [:]
    }

    let wakeUp: WakeUp
    let name = GateName(instance: .random(in: .min ... .max))
    /// Whether the gate is to be told of a turn at once.
    let wantsNews = Atomic(false)
    private let hasKnocking = Atomic(false)
    let poke: @Sendable () -> Void
    private let state: Mutex<State>

    init(wakeUp: WakeUp, entries: Int, poke: @escaping @Sendable () -> Void) {
        self.wakeUp = wakeUp
        self.poke = poke
        state = Mutex(State(news: News(drains: Array(repeating: 0, count: entries))))
    }

    // MARK: Others

    func tell(_ turn: GateTurn) {
        state.withLock { state in
            state.news.held = turn.held
            for (token, weight) in turn.read { state.news.read[token, default: 0] += weight }
            for index in turn.drains.indices { state.news.drains[index] &+= turn.drains[index] }
        }
        if wantsNews.load(ordering: .relaxed) { wakeUp.signal() }
    }

    func close(_ tokens: [UInt64]) {
        state.withLock { $0.news.closing += tokens }
        wakeUp.signal()
    }

    func leave(_ token: UInt64) {
        state.withLock { $0.news.leaving.append(token) }
        wakeUp.signal()
    }

    func set(_ limits: GateLimits) {
        state.withLock { $0.news.limits = limits }
        wakeUp.signal()
    }

    func stop() {
        state.withLock { $0.news.isStopping = true }
        wakeUp.signal()
    }

    func address(of token: UInt64) -> String? { state.withLock { $0.addresses[token] } }

    var knocking: [String] { state.withLock { Array(Set($0.knocking.values)).sorted() } }

    // MARK: The gate

    func take() -> News {
        state.withLock { state in
            let news = state.news
            state.news.read.removeAll()
            for index in state.news.drains.indices { state.news.drains[index] = 0 }
            state.news.closing = []
            state.news.leaving = []
            state.news.limits = nil
            return news
        }
    }

    func opened(_ token: UInt64, from address: String) { state.withLock { $0.addresses[token] = address } }

    func closed(_ token: UInt64) {
        state.withLock { state in
            state.addresses[token] = nil
            state.knocking[token] = nil
        }
    }

    func isKnocking(_ token: UInt64, from address: String) {
        state.withLock { $0.knocking[token] = address }
        hasKnocking.store(true, ordering: .relaxed)
    }

    func isAnswered(_ token: UInt64) {
        // Mostly no connection waits for an answer, and no lock is needed.
        guard hasKnocking.load(ordering: .relaxed) else { return }
        let isEmpty = state.withLock { state in
            state.knocking[token] = nil
            return state.knocking.isEmpty
        }
        if isEmpty { hasKnocking.store(false, ordering: .relaxed) }
    }
}
