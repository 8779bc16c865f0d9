extension StoredTensor {
    /// Some of the rows, run after run: a view where they lie together, a copy where they do not.
    ///
    /// - Parameters:
    ///   - runs: Rows of this tensor.
    ///   - shape: The extents to see them in; the slowest counts rows.
    package func rows(_ runs: [Range<Int>], as shape: [Int]) -> StoredTensor {
        let stride = rowElements * elementType.byteCount
        if runs.count == 1 {
            let run = runs[0]
            return StoredTensor(
                elementType: elementType, shape: shape,
                bytes: UnsafeRawBufferPointer(rebasing: bytes[run.lowerBound * stride..<run.upperBound * stride]),
                rowScales: rowScales.map { $0[run] }, owner: self.owner)
        }
        let count = runs.reduce(0) { $0 + $1.count }
        let copy = AlignedBuffer<UInt8>(count: count * stride)
        let scales = rowScales.map { _ in AlignedBuffer<Float>(count: count) }
        var row = 0
        for run in runs {
            let source = UnsafeRawBufferPointer(rebasing: bytes[run.lowerBound * stride..<run.upperBound * stride])
            UnsafeMutableRawBufferPointer(start: copy.pointer + row * stride, count: source.count).copyMemory(
                from: source)
            if let scales, let rowScales {
                (scales.pointer + row).update(from: rowScales.pointer + run.lowerBound, count: run.count)
            }
            row += run.count
        }
        return StoredTensor(
            elementType: elementType, shape: shape,
            bytes: UnsafeRawBufferPointer(start: copy.pointer, count: copy.count), rowScales: scales.map { Block($0) },
            owner: copy)
    }

    /// A copy in float32, each element times a factor; of levels only what they are worth changes.
    package func multiplied(by factor: Float) -> StoredTensor {
        if let rowScales {
            return StoredTensor(
                elementType: elementType, shape: shape, bytes: bytes,
                rowScales: Block(rowScales.elements.map { $0 * factor }), owner: owner)
        }
        let values = floats()
        for index in 0..<values.count { values.pointer[index] *= factor }
        return StoredTensor(
            elementType: .float32, shape: shape,
            bytes: UnsafeRawBufferPointer(start: values.pointer, count: values.byteCount), owner: values)
    }
}
