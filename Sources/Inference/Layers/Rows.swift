import Tensors

/// The input of a matrix product: packed rows, and for int8 the same rows quantised.
package struct Rows {
    /// `[count, width]`, without gaps.
    package let values: UnsafePointer<Float>
    package let count: Int
    /// `[count, levelStride(width)]`, and one scale a row; meaningless for float32.
    package let levels: UnsafePointer<UInt8>
    package let scales: UnsafePointer<Float>

    /// One of the rows by itself.
    package func row(_ index: Int, width: Int) -> Rows {
        Rows(
            values: values + index * width, count: 1, levels: levels + index * Self.levelStride(width),
            scales: scales + index)
    }

    /// How many levels of a row the kernels read: four at a time.
    package static func packedDepth(_ width: Int) -> Int { (width + 3) / 4 * 4 }

    /// Rows a multiple of 1 KiB apart would share few sets of the nearest cache, where many are read at a time.
    package static func levelStride(_ width: Int) -> Int {
        let packed = packedDepth(width)
        return packed.isMultiple(of: 1024) ? packed + AlignedBuffer<UInt8>.cacheLine : packed
    }
}
