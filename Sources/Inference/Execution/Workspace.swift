package import CKernels
package import Tensors

/// The memory in which one replica computes. It is sized from the token budget, so that a decoding step allocates
/// nothing; it grows when a batch has more rows than any before it.
///
/// Owned by one thread.
package final class Workspace {
    package let kernels: Kernels
    /// Who helps with products.
    package let crew: Crew
    /// How keys and values are stored that later steps read.
    package let keyValueFormat: KeyValueFormat
    /// How many rows fit.
    package private(set) var capacity: Int
    /// How many rows of logits are computed at a time: enough to make the product efficient, few enough for the cache.
    package let logitRows: Int
    /// How many rows of cross-attention keys and values are computed at a time.
    package let crossRows = 128

    /// `[rows, width]`: the residual stream, and after a stack its output.
    package private(set) var stream: AlignedBuffer<Float>
    /// `[rows, width]`: the stream, normalised (pre-norm models).
    package private(set) var normalized: AlignedBuffer<Float>
    /// `[rows, 3 * attentionWidth]`: queries, keys, values.
    package private(set) var projected: AlignedBuffer<Float>
    /// `[rows, attentionWidth]`: what attention gathered.
    package private(set) var context: AlignedBuffer<Float>
    /// `[rows, feedForwardWidth]`, and the second branch of gated blocks.
    package private(set) var inner: AlignedBuffer<Float>
    package private(set) var gated: AlignedBuffer<Float>
    /// `[rows]`: the encoder's rows, for the attention kernel.
    package private(set) var rowPointers: AlignedBuffer<UnsafeRawPointer?>
    /// How many rows are read without having all their logits at a time.
    package static let summaryRows = 256
    /// `[logitRows, targetVocabulary]`, or a few columns of more rows.
    package let logits: AlignedBuffer<Float>
    /// `[screened rows, groups of the output's columns]`.
    package let bounds: AlignedBuffer<Float>
    /// `[crossRows, layers * 2 * attentionWidth]`.
    package let crossProjected: AlignedBuffer<Float>
    /// `[heads, positions rounded up to 16]`: the attention scores of one row.
    package let scores: AlignedBuffer<Float>

    /// What `mostPromising` found. The best token is seldom in another group than the first of them.
    private let promisingBounds = AlignedBuffer<Float>(count: 4)
    private let promising = AlignedBuffer<Int32>(count: 4)
    /// `[summaryRows]`, and the tokens of each.
    private let summaries: AlignedBuffer<dragoman_summary>
    private var bestValues: AlignedBuffer<Float>
    private var bestTokens: AlignedBuffer<Int32>
    private var levels: AlignedBuffer<UInt8>
    private var scales: AlignedBuffer<Float>
    private let configuration: ModelConfiguration
    private let precision: Precision

    package init(
        rows: Int, configuration: ModelConfiguration, precision: Precision, kernels: Kernels, crew: Crew = Crew()
    ) {
        self.kernels = kernels
        self.crew = crew
        self.configuration = configuration
        self.precision = precision
        keyValueFormat = KeyValueFormat(configuration: configuration, precision: precision)
        let vocabulary = configuration.targetVocabularySize
        logitRows = max(8, min(96, (16 << 20) / (vocabulary * MemoryLayout<Float>.stride)))
        logits = AlignedBuffer(count: max(logitRows * vocabulary, Self.logitBlock))
        bounds = AlignedBuffer(
            count: kernels.table.pointee.screened_rows * Transformer.outputGroups(configuration))
        summaries = AlignedBuffer(count: Self.summaryRows)
        bestValues = AlignedBuffer(count: 0)
        bestTokens = AlignedBuffer(count: 0)
        let decoder = configuration.decoder
        crossProjected = AlignedBuffer(count: crossRows * decoder.layers * 2 * decoder.attentionWidth)
        let positions = max(configuration.encoder.maximumLength, decoder.maximumLength) + Int(DRAGOMAN_LANES)
        scores = AlignedBuffer(count: max(configuration.encoder.heads, decoder.heads) * positions)
        capacity = 0
        stream = AlignedBuffer(count: 0)
        normalized = AlignedBuffer(count: 0)
        projected = AlignedBuffer(count: 0)
        context = AlignedBuffer(count: 0)
        inner = AlignedBuffer(count: 0)
        gated = AlignedBuffer(count: 0)
        rowPointers = AlignedBuffer(count: 0)
        levels = AlignedBuffer(count: 0)
        scales = AlignedBuffer(count: 0)
        reserve(rows: rows)
    }

    /// Makes room for `rows` rows. What the buffers held is gone.
    package func reserve(rows: Int) {
        guard rows > capacity else { return }
        capacity = rows
        let width = configuration.width
        let attention = max(configuration.encoder.attentionWidth, configuration.decoder.attentionWidth)
        let inside = max(configuration.encoder.feedForwardWidth, configuration.decoder.feedForwardWidth)
        stream = AlignedBuffer(count: rows * width)
        normalized = AlignedBuffer(count: configuration.normalization.placement == .before ? rows * width : 0)
        projected = AlignedBuffer(count: rows * 3 * attention)
        context = AlignedBuffer(count: rows * attention)
        inner = AlignedBuffer(count: rows * inside)
        gated = AlignedBuffer(count: configuration.gatedFeedForward ? rows * inside : 0)
        rowPointers = AlignedBuffer(count: rows)
        if precision == .int8 {
            levels = AlignedBuffer(count: rows * ([width, attention, inside].map(Rows.levelStride).max() ?? 0))
            scales = AlignedBuffer(count: rows)
        }
    }

    /// In bytes.
    package var byteCount: Int {
        let floats = [
            stream, normalized, projected, context, inner, gated, logits, crossProjected, scores, scales, bestValues,
            bounds,
        ]
        let others = levels.byteCount + rowPointers.byteCount + summaries.byteCount + bestTokens.byteCount
        return floats.reduce(others) { $0 + $1.byteCount }
    }

    /// The floats of the largest block of logits that is kept for `summarize`, which the nearest caches are to hold.
    private static let logitBlock = summaryRows * Int(DRAGOMAN_BLOCK)

    /// How many columns of logits are computed at a time for so many rows.
    package func logitColumns(rows: Int) -> Int {
        precondition(rows > 0, "no rows have no logits")
        let columns = dragoman_logit_columns(rows)
        precondition(rows * columns <= Self.logitBlock, "a block of logits has its room")
        return columns
    }

    /// Empty summaries for rows of which each is asked for so many tokens; valid until the next call.
    package func summaries(
        _ counts: some Collection<Int>, areSummed: Bool
    ) -> UnsafeMutablePointer<dragoman_summary> {
        precondition(counts.count <= Self.summaryRows, "rows are read a few at a time")
        let total = counts.reduce(0, +)
        if total > bestValues.count {
            bestValues = AlignedBuffer(count: total)
            bestTokens = AlignedBuffer(count: total)
        }
        var offset = 0
        for (row, count) in counts.enumerated() {
            summaries.pointer[row] = dragoman_summary(
                is_summed: areSummed, maximum: -.infinity, sum: 0, k: count, held: 0,
                values: bestValues.pointer + offset, indices: bestTokens.pointer + offset)
            offset += count
        }
        return summaries.pointer
    }

    /// The indices of the largest bounds, largest first; a few at most, valid until the next call.
    package func mostPromising(_ bounds: UnsafeBufferPointer<Float>) -> UnsafeBufferPointer<Int32> {
        guard let base = bounds.baseAddress else { return UnsafeBufferPointer(start: nil, count: 0) }
        let count = kernels.table.pointee.top_k(
            base, bounds.count, promisingBounds.count, promisingBounds.pointer, promising.pointer)
        return UnsafeBufferPointer(start: promising.pointer, count: count)
    }

    /// `count` rows as the input of a product: for int8, quantised now. Valid until the next call.
    ///
    /// - Parameter factor: See `TensorSource.inputFactor`.
    package func rows(_ values: UnsafePointer<Float>, width: Int, count: Int, factor: Float? = nil) -> Rows {
        if precision == .int8 {
            let stride = Rows.levelStride(width)
            let depth = Rows.packedDepth(width)
            for row in 0..<count {
                let from = values + row * width, to = levels.pointer + row * stride, scale = scales.pointer + row
                if let factor {
                    kernels.table.pointee.quantize_by(from, width, factor, to, depth, scale)
                } else {
                    kernels.table.pointee.quantize(from, width, to, depth, scale)
                }
            }
        }
        return Rows(values: values, count: count, levels: levels.pointer, scales: scales.pointer)
    }

    /// The stream as the input of a block, whose first product is `linear`: normalised first in pre-norm models.
    package func blockInput(_ norm: Norm, count: Int, to linear: Linear) -> Rows {
        guard configuration.normalization.placement == .before else {
            return linear.input(stream.pointer, count: count, in: self)
        }
        norm.apply(stream.pointer, count: count, into: normalized.pointer, kernels: kernels)
        return linear.input(normalized.pointer, count: count, in: self)
    }

    /// What follows a block: the norm, in post-norm models.
    package func finishBlock(_ norm: Norm, count: Int) {
        guard configuration.normalization.placement == .after else { return }
        norm.apply(stream.pointer, count: count, into: stream.pointer, kernels: kernels)
    }
}
