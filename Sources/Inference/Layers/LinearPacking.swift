import CKernels
import Tensors

/// The matrices of one `Linear`, and how they are packed for the kernels.
struct LinearPacking {
    let parts: [TensorPair]
    let depth: Int
    /// The columns of each part.
    let partColumns: Int
    let source: any TensorSource

    var columns: Int { parts.count * partColumns }
    /// Vector loads of per-column tables read whole panels.
    var paddedColumns: Int { (columns + Int(DRAGOMAN_LANES) - 1) / Int(DRAGOMAN_LANES) * Int(DRAGOMAN_LANES) }

    func float32() throws -> AlignedBuffer<Float> {
        let panels = AlignedBuffer<Float>(count: dragoman_float32_panel_count(depth, columns))
        for part in parts.indices {
            let tensor = try source.tensor(parts[part].weight, shape: [partColumns, depth])
            eachRun(of: tensor, part) { floats, column, count in
                dragoman_pack_float32(floats, depth, columns, column, count, panels.pointer)
            }
        }
        return panels
    }

    /// Levels, a scale a column, and what makes up for levels being unsigned.
    func int8() throws -> (levels: AlignedBuffer<Int8>, scales: AlignedBuffer<Float>, offsets: AlignedBuffer<Int32>) {
        let levels = AlignedBuffer<Int8>(count: dragoman_int8_panel_bytes(depth, columns))
        let scales = AlignedBuffer<Float>(count: paddedColumns)
        let offsets = AlignedBuffer<Int32>(count: paddedColumns)
        for part in parts.indices {
            let tensor = try source.tensor(parts[part].weight, shape: [partColumns, depth])
            if let known = tensor.rowScales {
                // Quantised already, in the same way: rounding again could only lose.
                tensor.withLevels {
                    dragoman_pack_levels(
                        $0, depth, columns, part * partColumns, partColumns, levels.pointer, offsets.pointer)
                }
                tensor.unload(0..<tensor.elementCount)
                (scales.pointer + part * partColumns).update(from: known.pointer, count: partColumns)
            } else {
                eachRun(of: tensor, part) { floats, column, count in
                    dragoman_pack_int8(
                        floats, depth, columns, column, count, levels.pointer, scales.pointer, offsets.pointer)
                }
            }
        }
        return (levels, scales, offsets)
    }

    func bias() throws -> AlignedBuffer<Float> {
        let bias = AlignedBuffer<Float>(count: paddedColumns)
        for (part, names) in parts.enumerated() {
            guard let name = names.bias else { continue }
            let values = try source.tensor(name, shape: [partColumns])
            values.widen(0..<partColumns, into: bias.pointer + part * partColumns)
        }
        return bias
    }

    /// Calls `pack` with column after column of a part as floats, in small runs, so that a large matrix never exists in
    /// floats, nor all of it beside what it is packed into.
    private func eachRun(
        of tensor: StoredTensor, _ part: Int,
        _ pack: (_ floats: UnsafePointer<Float>, _ column: Int, _ count: Int) -> Void
    ) {
        let run = max(1, min(partColumns, 1 << 16 / max(depth, 1)))
        let floats = AlignedBuffer<Float>(count: run * depth)
        for start in stride(from: 0, to: partColumns, by: run) {
            let count = min(run, partColumns - start)
            let elements = start * depth..<(start + count) * depth
            tensor.widen(elements, into: floats.pointer)
            tensor.unload(elements)
            pack(floats.pointer, part * partColumns + start, count)
        }
    }
}
