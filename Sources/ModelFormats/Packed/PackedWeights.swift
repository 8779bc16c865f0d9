internal import CKernels
import Inference
import Tensors

/// The weights of a packed file, used where they lie in it.
struct PackedWeights: TensorSource {
    /// Of everything that kernels read: the width of their loads.
    static let alignment = 64

    private let file: SafeTensorsFile
    private let sharesEmbeddings: Bool

    init(_ file: SafeTensorsFile, _ configuration: ModelConfiguration) {
        self.file = file
        sharesEmbeddings = configuration.sharesEmbeddings
    }

    /// Only embeddings are looked up as they are; all else is asked for as blocks.
    func tensor(_ name: TensorName, shape: [Int]) throws -> StoredTensor {
        guard let stored = Self.storedName(name, sharesEmbeddings: sharesEmbeddings) else {
            throw ModelError(.missingTensor, file: file.path, "a packed model has no tensor for \(name)")
        }
        let scales = Self.scalesName(stored)
        let tensor =
            file.contains(scales)
            ? try file.levels(stored, scales: try file.block(scales, count: Self.storedCount(shape[0], Float.self)))
            : try file.tensor(stored)
        guard tensor.shape == shape else {
            throw ModelError(
                .wrongShape, file: file.path, tensor: stored, "its shape does not fit the configuration",
                expected: "\(shape)", found: "\(tensor.shape)")
        }
        return tensor
    }

    func inputFactor(_ name: String, _ matrices: [TensorName]) throws -> Float? {
        let stored = Self.inputFactorName(name)
        guard file.contains(stored) else { return nil }
        let block: Block<Float> = try file.block(
            stored, count: Self.storedCount(1, Float.self), alignment: Self.alignment)
        let factor = block.elements[0]
        guard factor > 0, factor.isFinite, (1 / factor).isFinite else {
            throw ModelError(
                .nonFiniteTensor, file: file.path, tensor: stored, "it is not a factor",
                expected: "a finite number above 0", found: "\(factor)", remedy: PackedModel.remedy)
        }
        return factor
    }

    static func inputFactorName(_ name: String) -> String { "\(name).input_factor" }

    func block<Element: BlockElement>(
        _ name: String, count: Int, _ make: () throws -> AlignedBuffer<Element>
    ) throws -> Block<Element> {
        try file.block(name, count: Self.storedCount(count, Element.self), alignment: Self.alignment)
    }

    static func storedName(_ name: TensorName, sharesEmbeddings: Bool) -> String? {
        guard case .embedding(let side) = name else { return nil }
        return sharesEmbeddings ? "embedding" : "\(side.rawValue).embedding"
    }

    /// The name of what the levels of a table are worth, where it has levels.
    static func scalesName(_ stored: String) -> String { "\(stored).scales" }

    /// Blocks end where the next may begin; kernels read beyond the last element, and use nothing of it.
    static func storedCount<Element: BlockElement>(_ count: Int, _: Element.Type) -> Int {
        let step = alignment / MemoryLayout<Element>.stride
        return (count + step - 1) / step * step
    }
}
