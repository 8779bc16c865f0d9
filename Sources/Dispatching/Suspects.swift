/// Chunks that were with a worker when it died: each is retried alone, so that the next death, if there is one, names
/// its cause.
struct Suspects: Sendable {
    /// Oldest first. Few: no more than the leases of dead workers.
    private(set) var waiting: [(chunk: ChunkRef, route: Int)] = []

    var isEmpty: Bool { waiting.isEmpty }

    mutating func add(_ chunk: ChunkRef, route: Int) { waiting.append((chunk, route)) }

    mutating func remove(_ chunk: ChunkRef) { waiting.removeAll { $0.chunk == chunk } }

    func first(for routes: [Int]) -> ChunkRef? { waiting.first { routes.contains($0.route) }?.chunk }
}
