package import CKernels
package import Tensors

/// `y = activation(x W + b) + residual`, over packed rows; several matrices with the same input may be one `Linear`,
/// their columns side by side.
package struct Linear: Sendable {
    private enum Weights: Sendable {
        case float32(AlignedBuffer<Float>)
        /// Levels, a scale a column, and what makes up for levels being unsigned.
        case int8(AlignedBuffer<Int8>, scales: AlignedBuffer<Float>, offsets: AlignedBuffer<Int32>)
    }

    package let depth: Int
    package let columns: Int
    private let weights: Weights
    private let bias: AlignedBuffer<Float>?

    /// Packs weights `[partColumns, depth]` of a source.
    ///
    /// - Parameter partColumns: The columns of each of `parts`.
    package init(
        _ parts: [TensorPair], depth: Int, partColumns: Int, precision: Precision, from source: any TensorSource
    ) throws {
        let columns = parts.count * partColumns
        // Vector loads of per-column tables read whole panels.
        let padded = (columns + Int(DRAGOMAN_LANES) - 1) / Int(DRAGOMAN_LANES) * Int(DRAGOMAN_LANES)
        let weights: Weights =
            switch precision {
            case .float32: .float32(AlignedBuffer(count: dragoman_float32_panel_count(depth, columns)))
            case .int8:
                .int8(
                    AlignedBuffer(count: dragoman_int8_panel_bytes(depth, columns)),
                    scales: AlignedBuffer(count: padded), offsets: AlignedBuffer(count: padded))
            }
        let bias = parts.contains { $0.bias != nil } ? AlignedBuffer<Float>(count: padded) : nil
        // Column by column in small runs, so that a large matrix never exists in floats.
        let run = max(1, min(partColumns, 1 << 16 / max(depth, 1)))
        let floats = AlignedBuffer<Float>(count: run * depth)
        for (part, names) in parts.enumerated() {
            let tensor = try source.tensor(names.weight, shape: [partColumns, depth])
            for start in stride(from: 0, to: partColumns, by: run) {
                let count = min(run, partColumns - start)
                tensor.widen(start * depth..<(start + count) * depth, into: floats.pointer)
                let column = part * partColumns + start
                switch weights {
                case .float32(let panels):
                    dragoman_pack_float32(floats.pointer, depth, columns, column, count, panels.pointer)
                case .int8(let panels, let scales, let offsets):
                    dragoman_pack_int8(
                        floats.pointer, depth, columns, column, count, panels.pointer, scales.pointer, offsets.pointer)
                }
            }
            if let bias, let name = names.bias {
                let values = try source.tensor(name, shape: [partColumns])
                values.widen(0..<partColumns, into: bias.pointer + part * partColumns)
            }
        }
        self.depth = depth
        self.columns = columns
        self.weights = weights
        self.bias = bias
    }

    /// The memory that the packed weights take, in bytes.
    package static func packedBytes(depth: Int, columns: Int, precision: Precision) -> Int {
        switch precision {
        case .float32: dragoman_float32_panel_count(depth, columns) * MemoryLayout<Float>.stride
        case .int8: dragoman_int8_panel_bytes(depth, columns) + columns * 8
        }
    }

    /// Multiplies `rows`, whose width is `depth`.
    ///
    /// - Parameters:
    ///   - output: `[rows.count, outputStride]`; may be `residual`.
    ///   - residual: `[rows.count, outputStride]`.
    package func apply(
        _ rows: Rows, activation: dragoman_activation = DRAGOMAN_ACTIVATION_NONE,
        adding residual: UnsafePointer<Float>? = nil, into output: UnsafeMutablePointer<Float>, stride: Int,
        kernels: Kernels
    ) {
        guard rows.count > 0 else { return }
        var epilogue = dragoman_epilogue(
            bias: bias.map { UnsafePointer($0.pointer) }, residual: residual, residual_stride: stride, output: output,
            output_stride: stride, activation: activation)
        switch weights {
        case .float32(let panels):
            var matrix = dragoman_float32_matrix(panels: panels.pointer, depth: depth, columns: columns)
            kernels.table.pointee.multiply_float32(rows.values, rows.count, depth, &matrix, &epilogue)
        case .int8(let panels, let scales, let offsets):
            var matrix = dragoman_int8_matrix(
                panels: panels.pointer, scales: scales.pointer, offsets: offsets.pointer, depth: depth,
                columns: columns)
            var quantized = dragoman_int8_rows(
                levels: rows.levels, scales: rows.scales, rows: rows.count, stride: Rows.levelStride(depth))
            kernels.table.pointee.multiply_int8(&quantized, &matrix, &epilogue)
        }
    }
}
