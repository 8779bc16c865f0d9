import DragomanClient
import Synchronization

/// The logs that are being read, one a broker.
final class Readers: Sendable {
    private let readers = Mutex<[(results: Results, last: UInt64)]>([])

    /// - Parameter last: The newest record when reading began.
    func add(_ results: Results, _ last: UInt64, _ work: @escaping @Sendable () async -> Void) {
        readers.withLock { $0.append((results, last)) }
        Task(operation: work)
    }

    var lastSequences: [UInt64] { readers.withLock { $0.map(\.last) } }

    func close() async {
        for reader in readers.withLock(\.self) { await reader.results.close() }
    }
}
