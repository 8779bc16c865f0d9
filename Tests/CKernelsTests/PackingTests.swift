import CKernels
import TestKit
import Testing

@Suite struct PackingTests {
    @Test func `every float32 column lies at its documented place, and the padding is zero`() {
        var random = SeededRandom(seed: 1)
        for _ in 0..<60 {
            let packed = PackedFloat32(depth: random.integer(1...70), columns: random.integer(1...200), random: &random)
            var nonzero = 0
            for column in 0..<packed.columns {
                for k in 0..<packed.depth {
                    let weight = packed.weights[column * packed.depth + k]
                    #expect(packed.element(column, k) == weight)
                    nonzero += weight == 0 ? 0 : 1
                }
            }
            #expect(packed.panels.elements.count { $0 != 0 } == nonzero)
        }
    }

    @Test func `every int8 column lies at its documented place, and the padding is zero`() {
        var random = SeededRandom(seed: 2)
        for _ in 0..<60 {
            let packed = PackedInt8(depth: random.integer(1...200), columns: random.integer(1...200), random: &random)
            var nonzero = 0
            for column in 0..<packed.columns {
                let weights = packed.weights[column * packed.depth..<(column + 1) * packed.depth]
                let peak = weights.reduce(0) { max($0, abs($1)) }
                #expect(packed.scales.start[column] == peak / 127)
                var sum: Int32 = 0
                for (k, weight) in weights.enumerated() {
                    let level = peak == 0 ? 0 : Int8((weight * (127 / peak)).rounded(.toNearestOrEven))
                    #expect(packed.level(column, k) == level)
                    sum += Int32(level)
                    nonzero += level == 0 ? 0 : 1
                }
                #expect(packed.offsets.start[column] == -128 * sum)
            }
            #expect(packed.panels.elements.count { $0 != 0 } == nonzero)
            #expect(packed.offsets.elements[packed.columns...].allSatisfy { $0 == 0 })
        }
    }

    /// A model whose weights are quantised already must be the same as one that was quantised here.
    @Test func `levels are packed as the weights that they were made of`() {
        var random = SeededRandom(seed: 3)
        for _ in 0..<60 {
            let packed = PackedInt8(depth: random.integer(1...200), columns: random.integer(1...200), random: &random)
            let levels = GuardedBuffer(
                (0..<packed.columns).flatMap { column in (0..<packed.depth).map { packed.level(column, $0) } })
            let panels = GuardedBuffer<Int8>(repeating: 0, count: packed.panels.elements.count)
            let offsets = GuardedBuffer<Int32>(repeating: 0, count: packed.offsets.elements.count)
            let first = random.integer(0...packed.columns)
            dragoman_pack_levels(levels.start, packed.depth, packed.columns, 0, first, panels.start, offsets.start)
            dragoman_pack_levels(
                levels.start + first * packed.depth, packed.depth, packed.columns, first, packed.columns - first,
                panels.start, offsets.start)
            #expect(panels.elements == packed.panels.elements)
            #expect(offsets.elements == packed.offsets.elements)
        }
    }

    @Test func `a column too small for its scale's inverse packs as zeros`() {
        let packed = PackedInt8(
            weights: [1e-38, -1e-38, .leastNonzeroMagnitude, 1, -1, 0.5], depth: 3, columns: 2, firstPart: 1)
        #expect((0..<3).map { packed.level(0, $0) } == [0, 0, 0])
        #expect((0..<3).map { packed.level(1, $0) } == [127, -127, 64])
        #expect(packed.offsets.elements[..<2] == [0, -128 * 64])
    }
}
