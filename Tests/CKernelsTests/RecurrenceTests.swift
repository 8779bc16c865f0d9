import CKernels
import TestKit
import Testing

@Suite struct RecurrenceTests {
    private func step(
        _ set: InstructionSet, _ candidate: [Float], _ gate: [Float], _ before: [Float]?, _ stream: [Float]
    ) -> (state: [Float], output: [Float]) {
        let candidate = GuardedBuffer(candidate), gate = GuardedBuffer(gate), before = before.map { GuardedBuffer($0) }
        let state = GuardedBuffer<Float>(repeating: .nan, count: stream.count), output = GuardedBuffer(stream)
        set.kernels.recur(candidate.start, gate.start, before?.start, stream.count, state.start, output.start)
        return (state.elements, output.elements)
    }

    @Test(arguments: InstructionSet.all)
    func `a state moves from the one before to the candidate as the gate says`(set: InstructionSet) {
        var random = SeededRandom(seed: 23)
        for _ in 0..<200 {
            let width = random.integer(1...200)
            let candidate = random.floats(width), gate = random.floats(width, in: -4...4)
            let stream = random.floats(width), before = random.flag() ? random.floats(width) : nil
            let found = step(set, candidate, gate, before, stream)
            let first = step(.portable, candidate, gate, before, stream)
            #expect(found.state.map(\.bitPattern) == first.state.map(\.bitPattern))
            #expect(found.output.map(\.bitPattern) == first.output.map(\.bitPattern))
            for index in 0..<width {
                let kept = 1 / (1 + (-Double(gate[index])).exponential)
                let expected = kept * Double(before?[index] ?? 0) + (1 - kept) * Double(candidate[index])
                #expect(abs(Double(found.state[index]) - expected) < 1e-6)
                #expect(found.output[index] == stream[index] + max(found.state[index], 0))
            }
        }
    }
}

extension Double {
    /// By its series: tests of kernels have no library of functions but their own.
    fileprivate var exponential: Double {
        var sum = 1.0, term = 1.0
        for index in 1..<60 {
            term *= self / Double(index)
            sum += term
        }
        return sum
    }
}
