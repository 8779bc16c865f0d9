import CKernels
import TestKit
import Testing

@Suite struct TopKTests {
    private struct Entry: Equatable {
        var value: Float
        var index: Int32
    }

    private func topK(_ row: [Float], _ k: Int, _ set: InstructionSet) -> [Entry] {
        let input = GuardedBuffer(row), room = min(k, row.count)
        let values = GuardedBuffer<Float>(repeating: 0, count: room)
        let indices = GuardedBuffer<Int32>(repeating: 0, count: room)
        let held = set.kernels.top_k(input.start, row.count, k, values.start, indices.start)
        return (0..<held).map { Entry(value: values.start[$0], index: indices.start[$0]) }
    }

    private func reference(_ row: [Float], _ k: Int) -> [Entry] {
        let entries = row.enumerated().filter { $1 > -.infinity }.map { Entry(value: $1, index: Int32($0)) }
        return Array(entries.sorted { ($1.value, $0.index) < ($0.value, $1.index) }.prefix(k))
    }

    @Test(arguments: InstructionSet.all)
    func `the largest come first, and the lower index among equals`(set: InstructionSet) {
        var random = SeededRandom(seed: 18)
        for _ in 0..<600 {
            let row: [Float]
            let count = random.integer(1...400)
            if random.flag() {
                row = (0..<count).map { _ in Float(random.integer(-3...3)) }
            } else {
                let special: [Float] = [.nan, -.infinity, .infinity, -.greatestFiniteMagnitude, 0, -0.0]
                row = random.floats(count).map {
                    random.integer(0...5) == 0 ? special.randomElement(using: &random)! : $0
                }
            }
            let k = random.integer(1...20)
            #expect(topK(row, k, set) == reference(row, k))
        }
    }

    @Test(arguments: InstructionSet.all)
    func `rising, falling and equal rows`(set: InstructionSet) {
        let rising: [Float] = (0..<1000).map { Float($0) }
        for row in [rising, Array(rising.reversed()), [Float](repeating: 1, count: 1000)] {
            for k in [1, 2, 8, 64, 1000] { #expect(topK(row, k, set) == reference(row, k)) }
        }
    }

    @Test(arguments: InstructionSet.all)
    func `what is minus infinity or not a number is never returned`(set: InstructionSet) {
        #expect(topK(Array(repeating: -.infinity, count: 130), 4, set) == [])
        #expect(topK(Array(repeating: .nan, count: 130), 4, set) == [])
        var row = [Float](repeating: .nan, count: 130)
        row[70] = -5
        row[129] = -.greatestFiniteMagnitude
        #expect(
            topK(row, 4, set) == [Entry(value: -5, index: 70), Entry(value: -.greatestFiniteMagnitude, index: 129)])
    }

    @Test(arguments: InstructionSet.all)
    func `a k beyond the row returns the whole row`(set: InstructionSet) {
        #expect(topK([1, 3, 2], 10, set).map(\.index) == [1, 2, 0])
    }
}
