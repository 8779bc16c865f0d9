import CKernels
import Tensors

/// Draws tokens from rows of logits: temperature, then top-k, then top-p (arXiv:1904.09751).
package struct Sampler {
    private let sampling: Sampling
    private var random: RandomStream

    package init(_ sampling: Sampling, path: [Int]) {
        self.sampling = sampling
        random = RandomStream(seed: sampling.seed, path: path)
    }

    /// Returns a token, or nil when the row allows none.
    package mutating func draw(from logits: UnsafePointer<Float>, scratch: SearchScratch) -> Int32? {
        guard scratch.findBest(1, of: logits) == 1 else { return nil }
        let top = scratch.values.pointer[0]
        let size = scratch.vocabularySize
        if sampling.topK > 0 {
            let count = scratch.findBest(sampling.topK, of: logits)
            let total = weigh(scratch.values.pointer, count: count, top: top, scratch: scratch)
            return pick(nucleus(scratch, count: count, of: total), scratch).map { scratch.indices.pointer[$0] }
        }
        let total = weigh(logits, count: size, top: top, scratch: scratch)
        if sampling.topP == 1 { return pick(size, scratch).map(Int32.init) }
        // The heaviest tokens, four times as many as before until they weigh enough.
        var wanted = 32
        while true {
            let count = scratch.findBest(wanted, of: logits)
            let sum = weigh(scratch.values.pointer, count: count, top: top, scratch: scratch)
            if sum >= sampling.topP * total || count < wanted || count == size {
                return pick(nucleus(scratch, count: count, of: total), scratch).map { scratch.indices.pointer[$0] }
            }
            wanted = min(4 * wanted, size)
        }
    }

    /// Writes what the entries weigh, relative to the heaviest, to the scratch's values; returns their sum.
    private func weigh(_ scores: UnsafePointer<Float>, count: Int, top: Float, scratch: SearchScratch) -> Float {
        scratch.kernels.table.pointee.exponentials(scores, count, top, 1 / sampling.temperature, scratch.values.pointer)
    }

    /// Draws one of the first `count` entries by weight.
    private mutating func pick(_ count: Int, _ scratch: SearchScratch) -> Int? {
        let weights = scratch.values.pointer
        var total: Float = 0
        for index in 0..<count { total += weights[index] }
        var left = random.nextUnit() * total
        var last: Int?
        for index in 0..<count where weights[index] > 0 {
            last = index
            left -= weights[index]
            if left < 0 { break }
        }
        return last
    }

    /// How many of the heaviest entries it takes to have `topP` of all weight; at most `count`.
    private func nucleus(_ scratch: SearchScratch, count: Int, of total: Float) -> Int {
        guard sampling.topP < 1 else { return count }
        var sum: Float = 0
        for index in 0..<count {
            sum += scratch.values.pointer[index]
            if sum >= sampling.topP * total { return index + 1 }
        }
        return count
    }
}
