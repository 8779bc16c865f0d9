import CKernels
package import Tensors

/// A table of token vectors, looked up in the model file itself: rows are widened to floats as they are read.
package struct Embedding: Sendable {
    private let table: StoredTensor
    private let width: Int
    private let scale: Float
    private let startsFromZero: Bool
    private let positions: PositionTable?

    /// Whether positions are added by `addPosition`, and not by `look`.
    private let addsPositionsLater: Bool

    package init(
        _ side: TensorName.Side, vocabularySize: Int, positions: PositionTable?, configuration: ModelConfiguration,
        from source: any TensorSource
    ) throws {
        width = configuration.width
        scale = configuration.embeddingScale
        startsFromZero = side == .decoder && configuration.startsFromZero
        table = try source.tensor(.embedding(side), shape: [vocabularySize, width])
        self.positions = positions
        addsPositionsLater = side == .decoder && configuration.normalization.precedesPositions
    }

    /// Writes the vector of `token` at `position` to `output`; without its position where that comes later.
    package func look(up token: Int32, at position: Int, into output: UnsafeMutablePointer<Float>, kernels: Kernels) {
        guard let base = table.bytes.baseAddress else { return }
        var scale = scale
        if let rowScales = table.rowScales { scale *= rowScales.pointer[Int(token)] }
        if startsFromZero, position == 0 { scale = 0 }
        kernels.table.pointee.embed(
            table.elementType.kernelElement, base + Int(token) * width * table.elementType.byteCount, width, scale,
            addsPositionsLater ? nil : positions?.row(position), output)
    }

    /// Adds a position's vector to a token's that has been normalised, where the model does it in this order.
    package func addPosition(_ position: Int, to output: UnsafeMutablePointer<Float>) {
        guard addsPositionsLater, let row = positions?.row(position) else { return }
        for index in 0..<width { output[index] += row[index] }
    }
}
