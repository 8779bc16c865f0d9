package import Tensors

/// Where a model's weights come from: one reader a format.
package protocol TensorSource: Sendable {
    /// Returns the tensor at `name`, checked to have `shape`.
    ///
    /// - Throws: an error that names the file, the tensor, and what was expected and found.
    func tensor(_ name: TensorName, shape: [Int]) throws -> StoredTensor
}
