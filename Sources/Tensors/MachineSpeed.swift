import CKernels

/// What one core of this machine can do at best, measured now: the bounds that an engine's speed is held against
/// (the roofline model, doi:10.1145/1498765.1498785).
package struct MachineSpeed: Sendable {
    /// Multiply-adds a second of the instruction set's integer product, on registers; nil where it has no instruction
    /// for it.
    package let int8MultiplyAdds: Double?
    /// Bytes a second that are read in order from a buffer of the given size.
    package let memoryBytes: Double

    /// Takes some tenths of a second.
    ///
    /// - Parameter bytes: The size of the buffer: that of the weights, so that it is read from where they are.
    package init(kernels: Kernels, bytes: Int) {
        let line = 64, lines = max(bytes / line, 1 << 10) / 4 * 4
        let buffer = AlignedBuffer<UInt8>(count: lines * line)
        buffer.pointer.update(repeating: 1, count: buffer.count)
        var sums: UInt64 = 0
        var exercised: UInt64 = 0
        // The best of several: whatever else the machine does can only slow it down.
        memoryBytes = Self.best(of: 5) {
            sums &+= kernels.table.pointee.read_lines(buffer.pointer, lines)
            return Double(buffer.count)
        }
        let rate = Self.best(of: 5) {
            exercised = kernels.table.pointee.exercise_int8(1 << 18)
            return Double(exercised)
        }
        int8MultiplyAdds = exercised > 0 ? rate : nil
        precondition(sums > 0, "what was read cannot be nothing")
    }

    /// The highest rate of several rounds, each of which is done until 20 ms have passed.
    private static func best(of rounds: Int, _ work: () -> Double) -> Double {
        (0..<rounds).map { _ in
            let start = ContinuousClock.now
            var done = 0.0
            var elapsed = Duration.zero
            while elapsed < .milliseconds(20) {
                done += work()
                elapsed = ContinuousClock.now - start
            }
            return done / (elapsed / .seconds(1))
        }.max() ?? 0
    }
}
