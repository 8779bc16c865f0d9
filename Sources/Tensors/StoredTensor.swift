/// A read-only, row-major tensor that lives in memory which somebody else keeps alive: a mapped model file, as a rule.
///
/// `owner` is held so that the bytes outlive every view of them.
package struct StoredTensor: @unchecked Sendable {
    // `@unchecked Sendable`: the bytes are never written after the view is made, and `owner` is only retained, or
    // is a `MappedFile`, which is `Sendable`, and told what to unload.

    package let elementType: ElementType

    /// The extents, slowest first: `[rows, columns]` for a matrix.
    package let shape: [Int]

    /// What a level is worth in each row, of as many rows as the slowest extent says; nil unless elements are levels.
    package let rowScales: Block<Float>?

    /// `shape.reduce(1, *) * elementType.byteCount` bytes, little-endian, of any alignment.
    package let bytes: UnsafeRawBufferPointer

    let owner: AnyObject

    package init(
        elementType: ElementType, shape: [Int], bytes: UnsafeRawBufferPointer, rowScales: Block<Float>? = nil,
        owner: AnyObject
    ) {
        precondition(bytes.count == shape.reduce(1, *) * elementType.byteCount, "a tensor's bytes must fit its shape")
        precondition((elementType == .int8) == (rowScales != nil), "levels, and only they, have scales")
        precondition(rowScales.map { $0.count >= shape.first ?? 1 } ?? true, "each row of levels has a scale")
        self.rowScales = rowScales
        self.elementType = elementType
        self.shape = shape
        self.bytes = bytes
        self.owner = owner
    }

    package var elementCount: Int { shape.reduce(1, *) }

    /// How many elements lie in a row: what the slowest extent counts.
    package var rowElements: Int { shape.dropFirst().reduce(1, *) }

    /// Calls `body` with the elements of a tensor of levels.
    package func withLevels(_ body: (UnsafePointer<Int8>) -> Void) {
        precondition(elementType == .int8, "only int8 tensors have levels")
        guard let base = bytes.baseAddress else { return }
        withExtendedLifetime(owner) { body(base.assumingMemoryBound(to: Int8.self)) }
    }

    /// Takes elements `range`, and what shares huge pages with them, out of memory until they are read again, where the
    /// tensor lies in a mapped file.
    package func unload(_ range: Range<Int>) {
        precondition(range.lowerBound >= 0 && range.upperBound <= elementCount, "elements must lie in the tensor")
        let width = elementType.byteCount
        (owner as? MappedFile)?.unload(
            UnsafeRawBufferPointer(rebasing: bytes[range.lowerBound * width..<range.upperBound * width]))
    }
}
