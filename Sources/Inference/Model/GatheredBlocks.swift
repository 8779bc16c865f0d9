import Synchronization
package import Tensors

/// Stands between a model's weights and its layers, and lays what the layers make of the weights side by side in huge
/// pages. A step reads all of it in order; in small pages, which end every 4 KiB, that is slower by some percent.
///
/// What the source has ready stays where it is.
package final class GatheredBlocks: TensorSource {
    private typealias Slab = AlignedBuffer<UInt8>
    /// Mapped, not used: only the pages that are written take memory.
    private static let slabBytes = 8 * Slab.hugePage

    private struct Place: Sendable {
        var slab = Slab(count: GatheredBlocks.slabBytes)
        var used = 0
    }

    private let weights: any TensorSource
    private let place = Mutex<Place?>(nil)

    package init(_ weights: any TensorSource) { self.weights = weights }

    package func tensor(_ name: TensorName, shape: [Int]) throws -> StoredTensor {
        try weights.tensor(name, shape: shape)
    }

    package func inputFactor(_ name: String, _ matrices: [TensorName]) throws -> Float? {
        try weights.inputFactor(name, matrices)
    }

    package func block<Element: BlockElement>(
        _ name: String, count: Int, _ make: () throws -> AlignedBuffer<Element>
    ) throws -> Block<Element> {
        var made: AlignedBuffer<Element>?
        let block = try weights.block(name, count: count) {
            let new = try make()
            made = new
            return new
        }
        // A large buffer has huge pages of its own.
        guard let made, made.byteCount < Slab.hugePage else { return block }
        return place.withLock { Self.gather(made, in: &$0) }
    }

    private static func gather<Element: BlockElement>(
        _ buffer: AlignedBuffer<Element>, in place: inout Place?
    ) -> Block<Element> {
        let bytes = (buffer.byteCount + Slab.cacheLine - 1) / Slab.cacheLine * Slab.cacheLine
        var current = place ?? Place()
        if current.used + bytes > slabBytes { current = Place() }
        let start = UnsafeMutableRawPointer(current.slab.pointer + current.used)
        start.copyMemory(from: buffer.pointer, byteCount: buffer.byteCount)
        current.used += bytes
        place = current
        return Block(UnsafeRawBufferPointer(start: start, count: bytes), count: buffer.count, owner: current.slab)
    }
}
