import CKernels
import TestKit
import Testing

/// Floats stored in pairs of bfloat16.
struct PairedRow {
    private let words: GuardedBuffer<UInt32>

    init(_ values: [Float], _ set: InstructionSet) {
        let input = GuardedBuffer(values)
        words = GuardedBuffer(repeating: 0, count: values.count / 2)
        set.kernels.store_paired(input.start, values.count, words.start)
    }

    var start: UnsafeRawPointer? { UnsafeRawPointer(words.start) }

    /// The floats, in their order.
    var values: [Float] {
        let lanes = Int(DRAGOMAN_LANES)
        return words.elements.indices.flatMap { $0 % lanes == 0 ? [$0..<$0 + lanes] : [] }.flatMap { block in
            block.map { Float(bitPattern: words.elements[$0] << 16) }
                + block.map { Float(bitPattern: words.elements[$0] & 0xffff_0000) }
        }
    }
}

extension Float {
    /// The nearest number that has eight bits of precision; of two, the one with an even last bit.
    var roundedToBFloat16: Float {
        guard isFinite else { return self }
        let below = Float(bitPattern: bitPattern & 0xffff_0000)
        let above = Float(bitPattern: (bitPattern & 0xffff_0000) &+ 0x1_0000)
        // Infinity stands where the next number would be.
        let next = above.isFinite ? Double(above) : Double(signOf: Double(self), magnitudeOf: 0x1p128)
        let isNearer = abs(Double(self) - Double(below)) - abs(next - Double(self))
        if isNearer == 0, bitPattern & 0xffff != 0 { return bitPattern & 0x1_0000 == 0 ? below : above }
        return isNearer <= 0 ? below : above
    }
}

@Suite struct PairedRowTests {
    @Test(arguments: InstructionSet.all)
    func `numbers are rounded to the nearest, ties to even`(set: InstructionSet) {
        var random = SeededRandom(seed: 14)
        var values = (0..<32 * 200).map { _ in
            var value = Float(bitPattern: UInt32(truncatingIfNeeded: random.next()))
            while !value.isFinite {
                value = Float(bitPattern: UInt32(truncatingIfNeeded: random.next()))
            }
            return value
        }
        // Ties, with an even and an odd last bit, numbers beside them, zeros and the least numbers.
        let special: [UInt32] = [
            0x3f80_8000, 0x3f81_8000, 0x3f80_8001, 0x3f81_7fff, 0xbf80_8000, 0xbf81_8000, 0, 0x8000_0000, 1,
            0x8000_0001, 0x007f_ffff, 0x0080_0000, 0x7f7f_ffff, 0xff7f_ffff, 0x7f7f_7fff, 0x7f7f_8000, 0x7f7e_8000,
        ]
        for (index, bits) in special.enumerated() { values[index * 17] = Float(bitPattern: bits) }
        let stored = PairedRow(values, set).values
        let wrong = zip(values, stored).filter { $0.roundedToBFloat16.bitPattern != $1.bitPattern }
        #expect(wrong.isEmpty, "\(wrong.count) wrong: \(wrong.prefix(3))")
    }

    @Test(arguments: InstructionSet.all)
    func `what is no finite number stays what it is`(set: InstructionSet) {
        let bits: [UInt32] = [
            0x7f80_0000, 0xff80_0000, 0x7fc0_0000, 0x7f80_0001, 0x7fff_ffff, 0xffff_ffff, 0xff80_0001, 0x7fff_8000,
        ]
        let values = (0..<32).map { Float(bitPattern: bits[$0 % bits.count]) }
        for (stored, value) in zip(PairedRow(values, set).values, values) {
            #expect(stored.isNaN == value.isNaN)
            if value.isInfinite { #expect(stored == value) }
        }
    }
}
