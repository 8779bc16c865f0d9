package import Inference
internal import Synchronization
package import Tensors

/// Stands between a model's weights and its layers, and keeps what the layers make of the weights: all that a packed file
/// needs to have.
package final class PackingRecorder: TensorSource {
    private let weights: any TensorSource
    private let sharesEmbeddings: Bool
    private let recorded = Mutex<[String: Recording]>([:])

    private struct Recording: @unchecked Sendable {
        // `@unchecked Sendable`: the tensor's bytes are a block's or a stored tensor's, and never written.
        var tensor: SafeTensorsWriter.Tensor
    }

    package init(_ bundle: ModelBundle) {
        weights = bundle.weights
        sharesEmbeddings = bundle.configuration.sharesEmbeddings
    }

    package var tensors: [SafeTensorsWriter.Tensor] { recorded.withLock { $0.values.map(\.tensor) } }

    package func tensor(_ name: TensorName, shape: [Int]) throws -> StoredTensor {
        let tensor = try weights.tensor(name, shape: shape)
        if let stored = PackedWeights.storedName(name, sharesEmbeddings: sharesEmbeddings) {
            record(
                SafeTensorsWriter.Tensor(
                    name: stored, dtype: tensor.elementType.rawValue, shape: tensor.shape, bytes: tensor.bytes,
                    owner: tensor))
            if let scales = tensor.rowScales {
                let padded = AlignedBuffer<Float>(count: PackedWeights.storedCount(shape[0], Float.self))
                padded.pointer.update(from: scales.pointer, count: shape[0])
                record(
                    SafeTensorsWriter.Tensor(
                        name: PackedWeights.scalesName(stored), dtype: Float.storedName, shape: [padded.count],
                        bytes: UnsafeRawBufferPointer(start: padded.pointer, count: padded.byteCount), owner: padded))
            }
        }
        return tensor
    }

    package func inputFactor(_ name: String, _ matrices: [TensorName]) throws -> Float? {
        guard let factor = try weights.inputFactor(name, matrices) else { return nil }
        _ = try block(PackedWeights.inputFactorName(name), count: 1) {
            let buffer = AlignedBuffer<Float>(count: 1)
            buffer.pointer[0] = factor
            return buffer
        }
        return factor
    }

    package func block<Element: BlockElement>(
        _ name: String, count: Int, _ make: () throws -> AlignedBuffer<Element>
    ) throws -> Block<Element> {
        let made = try make()
        precondition(made.count == count, "a layer must make as much as it asks for")
        // Up to the next multiple of the alignment, which a buffer's memory reaches: zeros.
        let padded = PackedWeights.storedCount(count, Element.self)
        let bytes = UnsafeRawBufferPointer(start: made.pointer, count: padded * MemoryLayout<Element>.stride)
        record(
            SafeTensorsWriter.Tensor(
                name: name, dtype: Element.storedName, shape: [padded], bytes: bytes, owner: made))
        return Block(made)
    }

    private func record(_ tensor: SafeTensorsWriter.Tensor) {
        let recording = Recording(tensor: tensor)
        recorded.withLock { $0[recording.tensor.name] = recording }
    }
}
