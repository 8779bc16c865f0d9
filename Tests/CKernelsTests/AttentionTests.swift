import CKernels
import Foundation
import TestKit
import Testing

/// A query over cached rows that lie apart, each a key and a value in one of two orders, at random.
struct Attention {
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

    init(random: inout SeededRandom) {
        count = random.integer(1...70)
        heads = random.integer(0...4) == 0 ? random.integer(10...40) : random.integer(1...9)
        headWidth = random.flag() ? [16, 32, 64, 80, 128].randomElement(using: &random)! : random.integer(1...100)
        let width = heads * headWidth, gap = random.integer(0...3)
        query = GuardedBuffer(random.floats(width))
        let keysFirst = random.flag()
        keyOffset = keysFirst ? 0 : width + gap
        valueOffset = keysFirst ? width + gap : 0
        rows = (0..<count).map { _ in GuardedBuffer(random.floats(2 * width + gap)) }
        biasStride = count + random.integer(0...3)
        bias = random.flag() ? GuardedBuffer(random.floats((heads - 1) * biasStride + count)) : nil
        wantsWeights = random.flag()
        scale = 1 / Float(headWidth).squareRoot()
    }

    /// The output, then the mean weights if they are wanted.
    func output(_ set: InstructionSet) -> GuardedBuffer<Float> {
        let width = heads * headWidth
        let pointers = GuardedBuffer(rows.map { Optional(UnsafePointer($0.start)) })
        let scratch = GuardedBuffer<Float>(repeating: .nan, count: heads * ((count + 15) / 16 * 16))
        let output = GuardedBuffer<Float>(repeating: .nan, count: width)
        let weights = GuardedBuffer<Float>(repeating: .nan, count: wantsWeights ? count : 0)
        var attention = dragoman_attention(
            query: query.start, rows: pointers.start, key_offset: keyOffset, value_offset: valueOffset, count: count,
            heads: heads, head_width: headWidth, scale: scale, bias: bias?.start, bias_stride: biasStride,
            scratch: scratch.start, mean_weights: wantsWeights ? weights.start : nil, output: output.start)
        set.kernels.attend(&attention)
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
}
