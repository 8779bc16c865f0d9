import Tensors
import TestKit
import Testing

@Suite struct StoredTensorTests {
    /// Five rows of three levels, and what they are worth.
    private let levels: [Int8] = [1, 2, 3, -4, 5, 127, 0, -127, 9, 10, 11, 12, 13, 14, 15]
    private let scales: [Float] = [0.5, 2, 0.25, 1, 3]

    private var tensor: StoredTensor {
        let buffer = AlignedBuffer<Int8>(count: levels.count)
        buffer.pointer.update(from: levels, count: levels.count)
        return StoredTensor(
            elementType: .int8, shape: [5, 3],
            bytes: UnsafeRawBufferPointer(start: buffer.pointer, count: levels.count),
            rowScales: Block(scales), owner: buffer)
    }

    private var values: [Float] { levels.enumerated().map { Float($0.element) * scales[$0.offset / 3] } }

    private func floats(_ tensor: StoredTensor) -> [Float] {
        let buffer = tensor.floats()
        return withExtendedLifetime(buffer) { Array(UnsafeBufferPointer(start: $0.pointer, count: $0.count)) }
    }

    @Test func `levels are worth what their row says, wherever reading begins and ends`() {
        let tensor = tensor
        #expect(floats(tensor) == values)
        for first in 0...levels.count {
            for end in first...levels.count {
                let output = AlignedBuffer<Float>(count: levels.count)
                tensor.widen(first..<end, into: output.pointer)
                let found = withExtendedLifetime(output) { (0..<end - first).map { output.pointer[$0] } }
                #expect(found == Array(values[first..<end]))
            }
        }
    }

    @Test(arguments: [[1..<3], [0..<5], [4..<5, 0..<1], [2..<3, 2..<4, 0..<2]])
    func `rows are a tensor of their own`(_ runs: [Range<Int>]) {
        let count = runs.reduce(0) { $0 + $1.count }
        let rows = tensor.rows(runs, as: [count, 3])
        #expect(rows.elementType == .int8)
        #expect(floats(rows) == runs.flatMap { Array(values[$0.lowerBound * 3..<$0.upperBound * 3]) })
    }

    @Test func `a multiple of levels is levels, and of floats floats`() {
        let tensor = tensor
        let double = tensor.multiplied(by: 2)
        #expect(double.elementType == .int8)
        #expect(floats(double) == values.map { $0 * 2 })
        let buffer = AlignedBuffer<Float>(count: 2)
        buffer.pointer.update(from: [3, 4], count: 2)
        let plain = StoredTensor(
            elementType: .float32, shape: [2], bytes: UnsafeRawBufferPointer(start: buffer.pointer, count: 8),
            owner: buffer)
        #expect(floats(plain.multiplied(by: 0.5)) == [1.5, 2])
    }

    @Test func `a scale that is no number is found`() {
        let buffer = AlignedBuffer<Int8>(count: 6)
        let bad = StoredTensor(
            elementType: .int8, shape: [2, 3], bytes: UnsafeRawBufferPointer(start: buffer.pointer, count: 6),
            rowScales: Block([1, Float.nan]), owner: buffer)
        #expect(bad.firstNonFinite() == 3)
        #expect(tensor.firstNonFinite() == nil)
    }
}
