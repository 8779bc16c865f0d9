import Foundation
import Inference
import ModelFormats
import Tensors

/// The weights of a model whose family has no reader yet: a table of names over its file.
struct FamilyWeights: TensorSource {
    struct Missing: Error { var name: TensorName }

    var file: SafeTensorsFile
    /// The file's name for a tensor; nil when the family has no such part.
    var stored: @Sendable (TensorName) -> String?
    /// Tables of positions that are computed, not stored.
    var positions: (@Sendable (_ shape: [Int]) -> [Float])?

    func tensor(_ name: TensorName, shape: [Int]) throws -> StoredTensor {
        if case .positions = name, let positions { return Self.tensor(positions(shape), shape: shape) }
        guard let stored = stored(name) else { throw Missing(name: name) }
        let tensor = try file.tensor(stored)
        // `final_logits_bias` has a leading 1.
        guard tensor.shape.drop(while: { $0 == 1 }) == shape[...] else {
            throw ModelError(
                .wrongShape, file: file.path, tensor: stored, "its shape does not fit", expected: "\(shape)",
                found: "\(tensor.shape)")
        }
        return try file.tensor(stored, as: shape)
    }

    private static func tensor(_ values: [Float], shape: [Int]) -> StoredTensor {
        let buffer = AlignedBuffer<Float>(count: values.count)
        buffer.pointer.update(from: values, count: values.count)
        return StoredTensor(
            elementType: .float32, shape: shape,
            bytes: UnsafeRawBufferPointer(start: buffer.pointer, count: values.count * MemoryLayout<Float>.stride),
            owner: buffer)
    }
}
