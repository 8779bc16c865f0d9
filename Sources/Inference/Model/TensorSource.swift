package import Tensors

/// Where a model's weights come from: one reader a format.
package protocol TensorSource: Sendable {
    /// Returns the tensor at `name`, checked to have `shape`.
    ///
    /// - Throws: an error that names the file, the tensor, and what was expected and found.
    func tensor(_ name: TensorName, shape: [Int]) throws -> StoredTensor

    /// What the rows that a layer multiplies with its matrices are multiplied by to be levels; nil when that is to be found
    /// for each row.
    ///
    /// - Parameters:
    ///   - name: The layer's own, as for `block`.
    ///   - matrices: Those that lie side by side in it.
    func inputFactor(_ name: String, _ matrices: [TensorName]) throws -> Float?

    /// Returns what a layer computes with: what `make` derives from tensors, unless the source has it ready.
    ///
    /// - Parameters:
    ///   - name: The layer's own, the same in every model of its shape: `encoder.0.feed_forward.up.levels`.
    ///   - count: How many elements there must be.
    func block<Element: BlockElement>(
        _ name: String, count: Int, _ make: () throws -> AlignedBuffer<Element>
    ) throws -> Block<Element>
}

extension TensorSource {
    package func inputFactor(_ name: String, _ matrices: [TensorName]) throws -> Float? { nil }

    package func block<Element: BlockElement>(
        _ name: String, count: Int, _ make: () throws -> AlignedBuffer<Element>
    ) throws -> Block<Element> {
        Block(try make())
    }
}
