package import CKernels

extension ElementType {
    /// The same in the kernels' words.
    package var kernelElement: dragoman_element {
        switch self {
        case .float32: DRAGOMAN_ELEMENT_FLOAT32
        case .float16: DRAGOMAN_ELEMENT_FLOAT16
        case .bfloat16: DRAGOMAN_ELEMENT_BFLOAT16
        case .int8: DRAGOMAN_ELEMENT_INT8
        }
    }
}

extension StoredTensor {
    /// Writes elements `range` as floats to `output`.
    package func widen(_ range: Range<Int>, into output: UnsafeMutablePointer<Float>) {
        precondition(range.lowerBound >= 0 && range.upperBound <= elementCount, "elements must lie in the tensor")
        guard !range.isEmpty, let base = bytes.baseAddress else { return }
        dragoman_widen(
            elementType.kernelElement, base + range.lowerBound * elementType.byteCount, range.count, output)
        guard let rowScales else { return }
        var start = range.lowerBound
        while start < range.upperBound {
            let row = start / rowElements
            let end = min(range.upperBound, (row + 1) * rowElements)
            dragoman_scale(rowScales.pointer[row], end - start, output + (start - range.lowerBound))
            start = end
        }
    }

    /// All elements as floats.
    package func floats() -> AlignedBuffer<Float> {
        let buffer = AlignedBuffer<Float>(count: elementCount)
        widen(0..<elementCount, into: buffer.pointer)
        return buffer
    }

    /// The row-major index of the first element that is a NaN or an infinity; nil when all are finite.
    ///
    /// What has been read of a mapped file is let go of; see `unload`.
    package func firstNonFinite() -> Int? {
        if let rowScales {
            return rowScales.elements.prefix(shape.first ?? 1).firstIndex { !$0.isFinite }.map { $0 * rowElements }
        }
        guard let base = bytes.baseAddress else { return nil }
        let run = 1 << 20
        for start in stride(from: 0, to: elementCount, by: run) {
            let range = start..<min(start + run, elementCount)
            let index = dragoman_first_non_finite(
                elementType.kernelElement, base + start * elementType.byteCount, range.count)
            if index < range.count { return start + index }
            unload(range)
        }
        return nil
    }
}
