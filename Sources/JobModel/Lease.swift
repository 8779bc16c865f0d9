/// A worker's right to a chunk, as both sides name it.
package struct LeaseName: Sendable, Hashable {
    package var chunk: ChunkID
    /// Never used twice: the broker's epoch in the upper 24 bits, a counter in the others.
    package var token: UInt64

    package init(chunk: ChunkID, token: UInt64) {
        self.chunk = chunk
        self.token = token
    }
}
