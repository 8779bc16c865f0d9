import CKernels
import TestKit
import Testing

/// Columns that are taken out of a packed matrix are packed as if they had been a matrix from the start.
@Suite struct SelectionTests {
    private func selection(of columns: Int, _ random: inout SeededRandom) -> [Int32] {
        (0..<columns).filter { _ in random.flag() }.map { Int32($0) } + [Int32(random.integer(0...columns - 1))]
    }

    @Test func `of float32`() {
        var random = SeededRandom(seed: 41)
        for _ in 0..<60 {
            let packed = PackedFloat32(depth: random.integer(1...70), columns: random.integer(1...200), random: &random)
            let selected = selection(of: packed.columns, &random)
            let found = GuardedBuffer<Float>(
                repeating: 0, count: dragoman_float32_panel_count(packed.depth, selected.count))
            dragoman_select_float32(
                packed.panels.start, packed.depth, packed.columns, selected, selected.count, found.start)
            let weights = GuardedBuffer(
                selected.flatMap { column in
                    packed.weights[Int(column) * packed.depth..<(Int(column) + 1) * packed.depth]
                })
            let expected = GuardedBuffer<Float>(repeating: 0, count: found.elements.count)
            dragoman_pack_float32(
                weights.start, packed.depth, selected.count, 0, selected.count, expected.start)
            #expect(found.elements == expected.elements)
        }
    }

    @Test func `of int8`() {
        var random = SeededRandom(seed: 42)
        for _ in 0..<60 {
            let packed = PackedInt8(depth: random.integer(1...200), columns: random.integer(1...200), random: &random)
            let selected = selection(of: packed.columns, &random)
            let found = GuardedBuffer<Int8>(
                repeating: 0, count: dragoman_int8_panel_bytes(packed.depth, selected.count))
            dragoman_select_int8(
                packed.panels.start, packed.depth, packed.columns, selected, selected.count, found.start)
            let weights = selected.flatMap { column in
                packed.weights[Int(column) * packed.depth..<(Int(column) + 1) * packed.depth]
            }
            let expected = PackedInt8(
                weights: weights, depth: packed.depth, columns: selected.count, firstPart: selected.count)
            #expect(found.elements == expected.panels.elements)
        }
    }
}
