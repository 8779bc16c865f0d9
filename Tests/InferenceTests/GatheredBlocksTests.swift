import Inference
import ModelFormats
import Tensors
import TestKit
import Testing

/// What layers make of weights lies side by side, and is what they made.
@Suite struct GatheredBlocksTests {
    /// Has what it is given ready, or nothing.
    private struct Source: TensorSource {
        var ready: Block<Float>?

        func tensor(_ name: TensorName, shape: [Int]) throws -> StoredTensor { fatalError("no tensor is asked for") }

        func block<Element: BlockElement>(
            _ name: String, count: Int, _ make: () throws -> AlignedBuffer<Element>
        ) throws -> Block<Element> {
            if let ready = ready as? Block<Element> { return ready }
            return Block(try make())
        }
    }

    private func made(_ values: [Float]) -> AlignedBuffer<Float> {
        let buffer = AlignedBuffer<Float>(count: values.count)
        buffer.pointer.update(from: values, count: values.count)
        return buffer
    }

    @Test func `blocks of any size keep their values, whole cache lines apart`() throws {
        var random = SeededRandom(seed: 8)
        let blocks = GatheredBlocks(Source())
        var kept: [(block: Block<Float>, values: [Float])] = []
        // More than a slab holds.
        for _ in 0..<60 {
            let values = random.floats(random.choice([1, 15, 16, 17, 1000, 1 << 17, (1 << 19) - 1]))
            kept.append((try blocks.block("x", count: values.count) { made(values) }, values))
        }
        for (block, values) in kept {
            #expect(Int(bitPattern: block.pointer) % 64 == 0)
            #expect(Array(block.elements) == values)
        }
        let ranges = kept.map { (Int(bitPattern: $0.block.pointer), $0.values.count * 4) }.sorted { $0.0 < $1.0 }
        #expect(zip(ranges, ranges.dropFirst()).allSatisfy { $0.0 + $0.1 <= $1.0 })
    }

    @Test func `small blocks follow each other, and a large one stays where it was made`() throws {
        let blocks = GatheredBlocks(Source())
        let first = try blocks.block("a", count: 20) { made([Float](repeating: 1, count: 20)) }
        let second = try blocks.block("b", count: 5) { made([Float](repeating: 2, count: 5)) }
        #expect(Int(bitPattern: second.pointer) - Int(bitPattern: first.pointer) == 128)
        let large = made([Float](repeating: 3, count: 1 << 19))
        #expect(try blocks.block("c", count: 1 << 19) { large }.pointer == UnsafePointer(large.pointer))
    }

    @Test func `what the source has ready stays where it is`() throws {
        let ready = Block<Float>([1, 2, 3])
        let blocks = GatheredBlocks(Source(ready: ready))
        #expect(try blocks.block("a", count: 3) { fatalError("it is there") }.pointer == ready.pointer)
    }
}
