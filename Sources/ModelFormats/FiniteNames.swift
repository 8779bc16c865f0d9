import Synchronization

/// The tensors that were found to hold finite numbers only: a tied embedding is asked for three times, and read once.
final class FiniteNames: Sendable {
    private let names = Mutex<Set<String>>([])

    func contains(_ name: String) -> Bool { names.withLock { $0.contains(name) } }

    func insert(_ name: String) { names.withLock { _ = $0.insert(name) } }
}
