/// A read-only, row-major tensor that lives in memory which somebody else keeps alive: a mapped model file, as a rule.
///
/// `owner` is held so that the bytes outlive every view of them.
package struct StoredTensor: @unchecked Sendable {
    // `@unchecked Sendable`: the bytes are never written after the view is made, and `owner` is only retained, or
    // is a `MappedFile`, which is `Sendable`, and told what to unload.

    package let elementType: ElementType

    /// The extents, slowest first: `[rows, columns]` for a matrix.
    package let shape: [Int]

    /// `shape.reduce(1, *) * elementType.byteCount` bytes, little-endian, of any alignment.
    package let bytes: UnsafeRawBufferPointer

    private let owner: AnyObject

    package init(elementType: ElementType, shape: [Int], bytes: UnsafeRawBufferPointer, owner: AnyObject) {
        precondition(bytes.count == shape.reduce(1, *) * elementType.byteCount, "a tensor's bytes must fit its shape")
        self.elementType = elementType
        self.shape = shape
        self.bytes = bytes
        self.owner = owner
    }

    package var elementCount: Int { shape.reduce(1, *) }

    /// Takes elements `range`, and what shares huge pages with them, out of memory until they are read again, where the
    /// tensor lies in a mapped file.
    package func unload(_ range: Range<Int>) {
        precondition(range.lowerBound >= 0 && range.upperBound <= elementCount, "elements must lie in the tensor")
        let width = elementType.byteCount
        (owner as? MappedFile)?.unload(
            UnsafeRawBufferPointer(rebasing: bytes[range.lowerBound * width..<range.upperBound * width]))
    }
}
