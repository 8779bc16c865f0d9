import Foundation
import Tensors

/// T5's attention bias (arXiv:1910.10683, 2.1): a trained number per head and bucket of distance, spread out here over
/// every distance, so that the biases of one query's keys lie side by side.
package struct RelativeBias: Sendable {
    /// `[heads, stride]`; distance `key - query` at index `maximumLength - 1 + distance`.
    private let table: Block<Float>
    package let stride: Int
    private let maximumLength: Int

    /// Returns the biases of a stack's layers: as many as differ, one where all layers share it, none where positions are
    /// not relative.
    package static func all(
        _ side: TensorName.Side, stack: ModelConfiguration.Stack, from source: any TensorSource
    ) throws -> [RelativeBias] {
        switch stack.positions {
        case .sinusoidal, .learned: []
        case .relative(let buckets, let distance):
            [
                try RelativeBias(
                    "\(side.rawValue).relative_bias", side, layer: 0, buckets, distance, stack: stack, from: source)
            ]
        case .relativePerLayer(let buckets, let distance):
            try (0..<stack.layers).map { layer in
                try RelativeBias(
                    "\(side.rawValue).\(layer).relative_bias", side, layer: layer, buckets, distance, stack: stack,
                    from: source)
            }
        }
    }

    private init(
        _ name: String, _ side: TensorName.Side, layer: Int, _ buckets: Int, _ maximumDistance: Int,
        stack: ModelConfiguration.Stack, from source: any TensorSource
    ) throws {
        let maximumLength = stack.maximumLength
        let stride = 2 * maximumLength - 1
        self.maximumLength = maximumLength
        self.stride = stride
        table = try source.block(name, count: stack.heads * stride) {
            let trained = try source.tensor(.relativeBias(side, layer: layer), shape: [buckets, stack.heads]).floats()
            let table = AlignedBuffer<Float>(count: stack.heads * stride)
            for index in 0..<stride {
                let bucket = Self.bucket(
                    distance: index - (maximumLength - 1), buckets: buckets, maximumDistance: maximumDistance,
                    looksAhead: side == .encoder)
                for head in 0..<stack.heads {
                    table.pointer[head * stride + index] = trained.pointer[bucket * stack.heads + head]
                }
            }
            return table
        }
    }

    /// The biases of the first head for a query at `position`, key 0 first; other heads follow at `stride`.
    package func row(_ position: Int) -> UnsafePointer<Float> {
        table.pointer + (maximumLength - 1 - position)
    }

    /// Half of the buckets are exact distances, the other half grow logarithmically up to `maximumDistance`; a stack
    /// that looks ahead spends half of all on keys after the query.
    private static func bucket(distance: Int, buckets: Int, maximumDistance: Int, looksAhead: Bool) -> Int {
        var buckets = buckets
        var base = 0
        var distance = distance
        if looksAhead {
            buckets /= 2
            if distance > 0 { base = buckets }
            distance = abs(distance)
        } else {
            distance = max(-distance, 0)
        }
        let exact = buckets / 2
        if distance < exact { return base + distance }
        // In 32 bits, as the reference computes it: a bucket's edge depends on it.
        let ratio = logf(Float(distance) / Float(exact)) / Float(log(Double(maximumDistance) / Double(exact)))
        return base + min(exact + Int(ratio * Float(buckets - exact)), buckets - 1)
    }
}
