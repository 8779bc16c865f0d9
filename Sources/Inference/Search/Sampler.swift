import CKernels
import Tensors

/// Draws tokens from rows of logits: temperature, then top-k, then top-p (arXiv:1904.09751).
package struct Sampler {
    private let sampling: DecodingOptions.Sampling
    private var random: RandomStream

    package init(_ sampling: DecodingOptions.Sampling, path: [Int]) {
        self.sampling = sampling
        random = RandomStream(seed: sampling.seed, path: path)
    }

    /// Returns a token, or nil when the row allows none.
    package mutating func draw(from logits: UnsafePointer<Float>, scratch: SearchScratch) -> Int32? {
        let isAll = sampling.topK == 0 && sampling.topP == 1
        let count: Int
        if isAll {
            guard scratch.findBest(1, of: logits) == 1 else { return nil }
            let top = scratch.values.pointer[0]
            count = scratch.vocabularySize
            weigh(logits, count: count, top: top, scratch: scratch)
        } else if sampling.topK > 0 {
            count = scratch.findBest(sampling.topK, of: logits)
            guard count > 0 else { return nil }
            weigh(scratch.values.pointer, count: count, top: scratch.values.pointer[0], scratch: scratch)
        } else {
            guard scratch.findBest(1, of: logits) == 1 else { return nil }
            count = scratch.vocabularySize
            weigh(logits, count: count, top: scratch.values.pointer[0], scratch: scratch)
            sortByWeight(scratch)
        }
        let weights = scratch.values.pointer
        let kept = sampling.topP < 1 ? nucleus(weights, count: count) : count
        var total: Float = 0
        for index in 0..<kept { total += weights[index] }
        var left = random.nextUnit() * total
        var last: Int?
        for index in 0..<kept where weights[index] > 0 {
            last = index
            left -= weights[index]
            if left < 0 { break }
        }
        return last.map { isAll ? Int32($0) : scratch.indices.pointer[$0] }
    }

    /// Writes what the entries weigh, relative to the heaviest, to the scratch's values.
    private func weigh(_ scores: UnsafePointer<Float>, count: Int, top: Float, scratch: SearchScratch) {
        _ = scratch.kernels.table.pointee.exponentials(
            scores, count, top, 1 / sampling.temperature, scratch.values.pointer)
    }

    /// Orders all tokens by weight, heaviest first, the lower token first among equals.
    private func sortByWeight(_ scratch: SearchScratch) {
        let order = (0..<scratch.vocabularySize).sorted { a, b in
            let x = scratch.values.pointer[a], y = scratch.values.pointer[b]
            return x != y ? x > y : a < b
        }
        let sorted = order.map { scratch.values.pointer[$0] }
        for (rank, token) in order.enumerated() {
            scratch.values.pointer[rank] = sorted[rank]
            scratch.indices.pointer[rank] = Int32(token)
        }
    }

    /// The smallest number of heaviest tokens whose share of the weight reaches `topP`.
    private func nucleus(_ weights: UnsafePointer<Float>, count: Int) -> Int {
        var total: Float = 0
        for index in 0..<count { total += weights[index] }
        var sum: Float = 0
        for index in 0..<count {
            sum += weights[index]
            if sum >= sampling.topP * total { return index + 1 }
        }
        return count
    }
}
