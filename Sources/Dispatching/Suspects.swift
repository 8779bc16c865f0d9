/// Chunks that were with a worker when it died: each is retried alone, so that the next death, if there is one, names
/// its cause.
struct Suspects: Sendable {
    /// Oldest first. Few: no more than the leases of dead workers.
    private(set) var waiting: [(chunk: ChunkRef, model: Int)] = []

    var isEmpty: Bool { waiting.isEmpty }

    mutating func add(_ chunk: ChunkRef, model: Int) { waiting.append((chunk, model)) }

    mutating func remove(_ chunk: ChunkRef) { waiting.removeAll { $0.chunk == chunk } }

    func first(for models: [Int]) -> ChunkRef? { waiting.first { models.contains($0.model) }?.chunk }
}
