import CKernels
import Foundation
import TestKit
import Testing

/// A query over cached rows that lie apart, each a key and a value in one of two orders, at random.
struct Attention {
    /// Whether the rows are of numbers that bfloat16 holds, so that they may be stored in pairs.
    let isPairable: Bool
    let count: Int
    let heads: Int
    let headWidth: Int
    let query: GuardedBuffer<Float>
    let rows: [GuardedBuffer<Float>]
    let keyOffset: Int
    let valueOffset: Int
    let bias: GuardedBuffer<Float>?
    let biasStride: Int
    let wantsWeights: Bool
    let scale: Float

    init(isPairable: Bool = false, random: inout SeededRandom) {
        self.isPairable = isPairable
        count = random.integer(1...70)
        heads = random.integer(0...4) == 0 ? random.integer(10...40) : random.integer(1...9)
        let widths = isPairable ? [32, 64, 96, 128, 160] : [16, 32, 64, 80, 128]
        headWidth = isPairable || random.flag() ? widths.randomElement(using: &random)! : random.integer(1...100)
        let width = heads * headWidth, gap = random.integer(0...3) * (isPairable ? Int(DRAGOMAN_PAIRED) : 1)
        query = GuardedBuffer(random.floats(width))
        let keysFirst = random.flag()
        keyOffset = keysFirst ? 0 : width + gap
        valueOffset = keysFirst ? width + gap : 0
        rows = (0..<count).map { _ in
            let elements = random.floats(2 * width + gap)
            return GuardedBuffer(isPairable ? elements.map(\.roundedToBFloat16) : elements)
        }
        biasStride = count + random.integer(0...3)
        bias = random.flag() ? GuardedBuffer(random.floats((heads - 1) * biasStride + count)) : nil
        wantsWeights = random.flag()
        scale = 1 / Float(headWidth).squareRoot()
    }

    /// The output, then the mean weights if they are wanted.
    ///
    /// - Parameter isPaired: Whether rows are stored in pairs.
    func output(_ set: InstructionSet, isPaired: Bool = false) -> GuardedBuffer<Float> {
        let width = heads * headWidth
        let paired = isPaired ? rows.map { PairedRow($0.elements, set) } : []
        let pointers = GuardedBuffer(
            rows.indices.map { isPaired ? paired[$0].start : UnsafeRawPointer(rows[$0].start) as UnsafeRawPointer? })
        let scratch = GuardedBuffer<Float>(repeating: .nan, count: heads * ((count + 15) / 16 * 16))
        let output = GuardedBuffer<Float>(repeating: .nan, count: width)
        let weights = GuardedBuffer<Float>(repeating: .nan, count: wantsWeights ? count : 0)
        var attention = dragoman_attention(
            query: query.start, rows: pointers.start, is_paired: isPaired, key_offset: keyOffset,
            value_offset: valueOffset, count: count,
            heads: heads, head_width: headWidth, scale: scale, bias: bias?.start, bias_stride: biasStride,
            scratch: scratch.start, mean_weights: wantsWeights ? weights.start : nil, output: output.start)
        withExtendedLifetime(paired) { set.kernels.attend(&attention) }
        return GuardedBuffer(output.elements + weights.elements)
    }

    var reference: [Double] {
        var output: [Double] = [], means = [Double](repeating: 0, count: wantsWeights ? count : 0)
        for head in 0..<heads {
            let at = head * headWidth
            var scores = (0..<count).map { j in
                let product = (0..<headWidth).reduce(0.0) {
                    $0 + Double(query.start[at + $1]) * Double(rows[j].start[keyOffset + at + $1])
                }
                return product * Double(scale) + Double(bias?.start[head * biasStride + j] ?? 0)
            }
            let largest = scores.max()!
            scores = scores.map { exp($0 - largest) }
            let sum = scores.reduce(0, +)
            for d in 0..<headWidth {
                output.append(
                    (0..<count).reduce(0) { $0 + scores[$1] / sum * Double(rows[$1].start[valueOffset + at + d]) })
            }
            for j in means.indices { means[j] += scores[j] / sum / Double(heads) }
        }
        return output + means
    }
}

@Suite struct AttentionTests {
    @Test func `portable attention is the textbook's`() {
        var random = SeededRandom(seed: 11)
        for _ in 0..<60 {
            let attention = Attention(random: &random)
            for (value, expected) in zip(attention.output(.portable).elements, attention.reference) {
                #expect(abs(Double(value) - expected) <= 3e-6)
            }
        }
    }

    @Test(arguments: InstructionSet.all)
    func `attention has the portable bits`(set: InstructionSet) {
        var random = SeededRandom(seed: 12)
        for _ in 0..<150 {
            let attention = Attention(random: &random)
            #expect(attention.output(set).bits == attention.output(.portable).bits)
        }
    }

    @Test(arguments: InstructionSet.all)
    func `rows in pairs give the bits of the same numbers as floats`(set: InstructionSet) {
        var random = SeededRandom(seed: 13)
        for _ in 0..<100 {
            let attention = Attention(isPairable: true, random: &random)
            #expect(attention.output(set, isPaired: true).bits == attention.output(.portable).bits)
        }
    }
}
