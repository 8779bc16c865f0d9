import CKernels
import TestKit
import Testing

@Suite struct EmbedTests {
    private static let elements = [
        DRAGOMAN_ELEMENT_FLOAT32, DRAGOMAN_ELEMENT_FLOAT16, DRAGOMAN_ELEMENT_BFLOAT16, DRAGOMAN_ELEMENT_INT8,
    ]

    /// The bytes of stored elements, and what they are worth.
    private func stored(_ element: dragoman_element, _ floats: [Float]) -> (GuardedBuffer<UInt8>, [Float]) {
        switch element {
        case DRAGOMAN_ELEMENT_FLOAT16:
            let halves = floats.map { Float16($0) }
            return (GuardedBuffer(halves.withUnsafeBytes(Array.init)), halves.map(Float.init))
        case DRAGOMAN_ELEMENT_BFLOAT16:
            let words = floats.map { UInt16($0.bitPattern >> 16) }
            let worth = words.map { Float(bitPattern: UInt32($0) << 16) }
            return (GuardedBuffer(words.withUnsafeBytes(Array.init)), worth)
        case DRAGOMAN_ELEMENT_INT8:
            let levels = floats.map { Int8(max(-128, min(127, ($0 * 60).rounded()))) }
            return (GuardedBuffer(levels.withUnsafeBytes(Array.init)), levels.map(Float.init))
        default:
            return (GuardedBuffer(floats.withUnsafeBytes(Array.init)), floats)
        }
    }

    @Test(arguments: InstructionSet.all)
    func `an embedding is the table's row, scaled, plus the position`(set: InstructionSet) {
        var random = SeededRandom(seed: 19)
        for element in Self.elements {
            for _ in 0..<150 {
                let width = random.integer(1...300), scale = random.floats(1)[0]
                let (bytes, worth) = stored(element, random.floats(width))
                let position = random.flag() ? GuardedBuffer(random.floats(width)) : nil
                let output = GuardedBuffer<Float>(repeating: .nan, count: width)
                set.kernels.embed(element, bytes.start, width, scale, position?.start, output.start)
                let expected = (0..<width).map { (position?.start[$0] ?? 0).addingProduct(worth[$0], scale) }
                #expect(output.elements == expected)
            }
        }
    }

    @Test func `every finite half widens to its value`() {
        let halves = (0...UInt16.max).map(Float16.init(bitPattern:)).filter(\.isFinite)
        let bytes = GuardedBuffer(halves.withUnsafeBytes(Array.init))
        let output = GuardedBuffer<Float>(repeating: .nan, count: halves.count)
        dragoman_widen(DRAGOMAN_ELEMENT_FLOAT16, bytes.start, halves.count, output.start)
        #expect(output.bits == halves.map { Float($0).bitPattern })
    }

    @Test func `every level widens to itself`() {
        let levels = (Int8.min...Int8.max).map { $0 }
        let bytes = GuardedBuffer(levels.withUnsafeBytes(Array.init))
        let output = GuardedBuffer<Float>(repeating: .nan, count: levels.count)
        dragoman_widen(DRAGOMAN_ELEMENT_INT8, bytes.start, levels.count, output.start)
        #expect(output.elements == levels.map(Float.init))
    }

    @Test func `numbers are scaled, at every count`() {
        var random = SeededRandom(seed: 21)
        for count in 0...70 {
            let values = random.floats(count), factor = random.floats(1)[0]
            let output = GuardedBuffer(values)
            dragoman_scale(factor, count, output.start)
            #expect(output.elements == values.map { $0 * factor })
        }
    }

    @Test func `bfloat16 and float32 widen to their bits, at every count`() {
        var random = SeededRandom(seed: 20)
        for count in 0...70 {
            for element in Self.elements {
                let (bytes, worth) = stored(element, random.floats(count))
                let output = GuardedBuffer<Float>(repeating: .nan, count: count)
                dragoman_widen(element, bytes.start, count, output.start)
                #expect(output.bits == worth.map(\.bitPattern))
            }
        }
    }
}
