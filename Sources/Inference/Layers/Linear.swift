package import CKernels
package import Tensors

/// `y = activation(x W + b) + residual`, over packed rows; several matrices with the same input may be one `Linear`,
/// their columns side by side.
package struct Linear: Sendable {
    private enum Weights: Sendable {
        case float32(Block<Float>)
        /// See `LinearPacking.int8`.
        case int8(Block<Int8>, scales: Block<Float>, offsets: Block<Int32>)
    }

    package let depth: Int
    package let columns: Int
    private let weights: Weights
    private let bias: Block<Float>?
    private let screen: Screen?
    /// See `TensorSource.inputFactor`.
    private let inputFactor: Float?

    /// Packs weights `[partColumns, depth]` of a source, unless it has them packed.
    ///
    /// - Parameters:
    ///   - name: Where the source has them packed.
    ///   - partColumns: The columns of each of `parts`.
    ///   - isScreened: Whether the largest entries of its products will be asked for; see `bound`.
    package init(
        _ name: String, _ parts: [TensorPair], depth: Int, partColumns: Int, precision: Precision,
        isScreened: Bool = false, from source: any TensorSource
    ) throws {
        let packing = LinearPacking(parts: parts, depth: depth, partColumns: partColumns, source: source)
        let padded = packing.paddedColumns
        self.depth = depth
        columns = packing.columns
        switch precision {
        case .float32:
            let count = dragoman_float32_panel_count(depth, columns)
            weights = .float32(try source.block("\(name).panels", count: count, packing.float32))
            screen = nil
            inputFactor = nil
        case .int8:
            inputFactor = try source.inputFactor(name, parts.map(\.weight))
            var packed: (levels: AlignedBuffer<Int8>, scales: AlignedBuffer<Float>, offsets: AlignedBuffer<Int32>)?
            let levels = try source.block("\(name).levels", count: dragoman_int8_panel_bytes(depth, columns)) {
                let new = try packing.int8()
                packed = new
                return new.levels
            }
            // A source that has the levels ready has these too.
            weights = .int8(
                levels,
                scales: try source.block("\(name).scales", count: padded) { try (packed ?? packing.int8()).scales },
                offsets: try source.block("\(name).offsets", count: padded) { try (packed ?? packing.int8()).offsets })
            screen =
                isScreened && Screen.exists(depth: depth)
                ? try Screen(name, of: levels, depth: depth, columns: columns, from: source) : nil
        }
        let hasBias = parts.contains { $0.bias != nil }
        bias = hasBias ? try source.block("\(name).bias", count: padded, packing.bias) : nil
    }

    /// Some of the columns as a product of their own, in the order given.
    package func selecting(_ selected: [Int32]) -> Linear {
        let padded = (selected.count + Int(DRAGOMAN_LANES) - 1) / Int(DRAGOMAN_LANES) * Int(DRAGOMAN_LANES)
        func entries<Element: BlockElement>(_ block: Block<Element>) -> Block<Element> {
            let buffer = AlignedBuffer<Element>(count: padded)
            for (index, column) in selected.enumerated() { buffer.pointer[index] = block.pointer[Int(column)] }
            return Block(buffer)
        }
        let weights: Weights
        switch self.weights {
        case .float32(let panels):
            let buffer = AlignedBuffer<Float>(count: dragoman_float32_panel_count(depth, selected.count))
            dragoman_select_float32(panels.pointer, depth, columns, selected, selected.count, buffer.pointer)
            weights = .float32(Block(buffer))
        case .int8(let panels, let scales, let offsets):
            let buffer = AlignedBuffer<Int8>(count: dragoman_int8_panel_bytes(depth, selected.count))
            dragoman_select_int8(panels.pointer, depth, columns, selected, selected.count, buffer.pointer)
            weights = .int8(Block(buffer), scales: entries(scales), offsets: entries(offsets))
        }
        return Linear(
            depth: depth, columns: selected.count, weights: weights, bias: bias.map(entries), inputFactor: inputFactor)
    }

    private init(depth: Int, columns: Int, weights: Weights, bias: Block<Float>?, inputFactor: Float?) {
        self.depth = depth
        self.columns = columns
        self.weights = weights
        self.bias = bias
        self.inputFactor = inputFactor
        screen = nil
    }

    /// Rows as the input of the product; for int8, quantised now. Valid until the next call.
    package func input(_ values: UnsafePointer<Float>, count: Int, in workspace: Workspace) -> Rows {
        workspace.rows(values, width: depth, count: count, factor: inputFactor)
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
    ///   - part: The columns to compute; nil for all. They begin and end at multiples of `Crew.columnGroup`, or at the end.
    ///   - output: `[rows.count, outputStride]`, from the part's first column on; may be `residual`.
    ///   - residual: `[rows.count, outputStride]`, likewise.
    package func apply(
        _ rows: Rows, columns part: Range<Int>? = nil, activation: dragoman_activation = DRAGOMAN_ACTIVATION_NONE,
        adding residual: UnsafePointer<Float>? = nil, into output: UnsafeMutablePointer<Float>, stride: Int,
        in workspace: Workspace
    ) {
        guard rows.count > 0 else { return }
        let part = part ?? 0..<columns, first = part.lowerBound
        precondition(
            first.isMultiple(of: Crew.columnGroup)
                && (part.upperBound.isMultiple(of: Crew.columnGroup) || part.upperBound == columns)
                && part.upperBound <= columns,
            "a part of the columns is made of whole groups")
        var epilogue = dragoman_epilogue(
            bias: bias.map { UnsafePointer($0.pointer + first) }, residual: residual, residual_stride: stride,
            output: output, output_stride: stride, activation: activation)
        switch weights {
        case .float32(let panels):
            var matrix = dragoman_float32_matrix(
                panels: panels.pointer + first * depth, depth: depth, columns: part.count)
            workspace.kernels.table.pointee.multiply_float32(rows.values, rows.count, depth, &matrix, &epilogue)
        case .int8(let panels, let scales, let offsets):
            let matrix = dragoman_int8_matrix(
                panels: panels.pointer + dragoman_int8_panel_bytes(depth, first), scales: scales.pointer + first,
                offsets: offsets.pointer + first, depth: depth, columns: part.count)
            compute(rows, matrix, .entries(epilogue), in: workspace)
        }
    }

    /// The groups of columns that `bound` tells apart.
    package var groups: Int { Crew.groups(columns: columns) }

    /// Whether `bound` can be asked, and is faster than `apply`, for so many rows.
    package func isBounded(rows: Int, by kernels: Kernels) -> Bool {
        screen != nil && rows <= kernels.table.pointee.screened_rows
    }

    /// Finds numbers that the entries of a product, as `apply` computes them, do not exceed.
    ///
    /// - Parameters:
    ///   - rows: So many that `isBounded` is true.
    ///   - bounds: `[rows.count, groups]`.
    package func bound(_ rows: Rows, into bounds: UnsafeMutablePointer<Float>, in workspace: Workspace) {
        guard let screen, case .int8(let panels, let scales, let offsets) = weights else {
            preconditionFailure("only a product with a screen has bounds")
        }
        let matrix = dragoman_int8_matrix(
            panels: panels.pointer, scales: scales.pointer, offsets: offsets.pointer, depth: depth, columns: columns)
        compute(
            rows, matrix, .bounds(screen.kernelScreen(bias: bias, bounds: bounds, stride: groups)), in: workspace)
    }

    private func compute(
        _ rows: Rows, _ matrix: dragoman_int8_matrix, _ result: Crew.Product.Result, in workspace: Workspace
    ) {
        let rows = dragoman_int8_rows(
            levels: rows.levels, scales: rows.scales, rows: rows.count, stride: Rows.levelStride(depth))
        workspace.crew.compute(
            Crew.Product(kernels: workspace.kernels, rows: rows, matrix: matrix, result: result))
    }
}
