internal import CKernels
internal import Foundation
import Inference
internal import Synchronization
import Tensors

/// The weights of a CTranslate2 file under Dragoman's names. Parts that the file has fused are views of their rows.
///
/// Levels of int8 stay what they are: CTranslate2 quantises the rows of a matrix, `127 / max|w|` levels to 1, and so does
/// the engine. Those of int16 become floats, as CTranslate2 itself makes them where it computes in float32.
struct CTranslate2Weights: TensorSource {
    private let file: CTranslate2File
    private let places: [TensorName: CTranslate2Place]
    private let finite = FiniteNames()
    /// Tables that are made of levels of int16, by their variable: asked for by both sides, and the output.
    private let tables = Tables()

    private final class Tables: Sendable {
        private let tables = Mutex<[String: StoredTensor]>([:])

        func table(_ name: String, _ make: () throws -> StoredTensor) throws -> StoredTensor {
            try tables.withLock { tables in
                if let table = tables[name] { return table }
                let table = try make()
                tables[name] = table
                return table
            }
        }
    }

    /// Finds every tensor that the configuration calls for, checks their extents, and that no other is left over.
    init(
        _ file: CTranslate2File, _ configuration: ModelConfiguration, _ encoder: CTranslate2Stack,
        _ decoder: CTranslate2Stack
    ) throws(ModelError) {
        self.file = file
        var places = CTranslate2Places(
            file, configuration, encoder, decoder,
            activationFactor: try CTranslate2Activation(encoder.activation, file).factor)
        try places.placeAll()
        try places.refuseUnknown()
        self.places = places.places
    }

    func tensor(_ name: TensorName, shape: [Int]) throws -> StoredTensor {
        guard let place = places[name] else {
            throw ModelError(.missingTensor, file: file.path, "the model has no tensor for \(name)")
        }
        guard place.shape == shape else {
            throw ModelError(
                .wrongShape, file: file.path, tensor: place.label, "its shape does not fit the configuration",
                expected: "\(shape)", found: "\(place.shape)")
        }
        switch place.contents {
        case .zeros: return Self.tensor([Float](repeating: 0, count: shape.reduce(1, *)), shape)
        case .positions: return Self.tensor(CTranslate2Positions.table(count: shape[0], width: shape[1]), shape)
        case .rows(let variable, let rows, let factor):
            if case .embedding = name, variable.format == .int16 {
                return try tables.table(variable.name) { try tensor(variable, rows, factor, place) }
            }
            return try tensor(variable, rows, factor, place)
        }
    }

    private func tensor(
        _ variable: CTranslate2File.Variable, _ rows: [Range<Int>], _ factor: Float, _ place: CTranslate2Place
    ) throws -> StoredTensor {
        var tensor = try stored(variable)
        if !finite.contains(variable.name), let index = tensor.firstNonFinite() {
            throw ModelError(
                .nonFiniteTensor, file: file.path, tensor: variable.name, "element \(index) is not a finite number",
                found: "\(tensor.value(at: index))", remedy: "the file may be damaged, or training have diverged")
        }
        finite.insert(variable.name)
        tensor = tensor.rows(rows, as: place.shape)
        return factor == 1 ? tensor : tensor.multiplied(by: factor)
    }

    /// All of a variable.
    private func stored(_ variable: CTranslate2File.Variable) throws(ModelError) -> StoredTensor {
        let bytes = file.bytes(variable)
        func view(_ type: ElementType, scales: Block<Float>? = nil) -> StoredTensor {
            StoredTensor(
                elementType: type, shape: variable.shape, bytes: bytes, rowScales: scales, owner: file.mapping)
        }
        switch variable.format {
        case .float32: return view(.float32)
        case .float16: return view(.float16)
        case .bfloat16: return view(.bfloat16)
        case .int8:
            let scales = try CTranslate2Scales.rows(of: variable, file)
            if !finite.contains(variable.name), let index = bytes.firstIndex(of: 0x80) {
                throw ModelError(
                    .malformedFile, file: file.path, tensor: variable.name, "level \(index) is not one that is written",
                    expected: "-127 to 127", found: "-128")
            }
            return view(.int8, scales: scales)
        case .int16:
            let scale = try CTranslate2Scales.single(of: variable, file)
            let values = AlignedBuffer<Float>(count: variable.shape.reduce(1, *))
            for index in 0..<values.count {
                let level = bytes.loadUnaligned(fromByteOffset: 2 * index, as: Int16.self)
                values.pointer[index] = Float(Int16(littleEndian: level)) * scale
            }
            return Self.tensor(values, variable.shape)
        case .int32: preconditionFailure("a tensor of int32 has no place")
        }
    }

    private static func tensor(_ values: [Float], _ shape: [Int]) -> StoredTensor {
        let buffer = AlignedBuffer<Float>(count: values.count)
        buffer.pointer.update(from: values, count: values.count)
        return tensor(buffer, shape)
    }

    private static func tensor(_ values: AlignedBuffer<Float>, _ shape: [Int]) -> StoredTensor {
        StoredTensor(
            elementType: .float32, shape: shape,
            bytes: UnsafeRawBufferPointer(start: values.pointer, count: values.byteCount), owner: values)
    }

    /// See `ModelBundle.storedPrecision`.
    var storedPrecision: String {
        var counts: [String: Int] = [:]
        for variable in variables { counts[variable.format.words, default: 0] += variable.shape.reduce(1, *) }
        return counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map(\.key).joined(separator: ", ")
    }

    var parameterCount: Int { variables.reduce(0) { $0 + $1.shape.reduce(1, *) } }

    /// What the model computes with, each variable once.
    private var variables: [CTranslate2File.Variable] {
        let all = places.values.compactMap { place -> CTranslate2File.Variable? in
            if case .rows(let variable, _, _) = place.contents { variable } else { nil }
        }
        return Array(Dictionary(all.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first }).values)
    }
}

/// What levels are worth: a variable's own scale, of which a file has the reciprocal.
enum CTranslate2Scales {
    /// The scale of int16 in files that do not tell it (`Quantize::global_int16_scale`).
    private static let int16Default: Double = 1000

    /// Of the rows of an int8 matrix.
    static func rows(of variable: CTranslate2File.Variable, _ file: CTranslate2File) throws(ModelError) -> Block<Float>
    {
        let name = variable.name + CTranslate2Names.scaleSuffix
        let count = variable.shape.first ?? 1
        guard let scale = file[name] else {
            throw ModelError(
                .missingTensor, file: file.path, tensor: name, "the file does not have it", expected: "[\(count)]")
        }
        guard scale.shape == [count] else {
            throw ModelError(
                .wrongShape, file: file.path, tensor: name, "its shape does not fit \(variable.name)",
                expected: "[\(count)]", found: "\(scale.shape)")
        }
        let worths = AlignedBuffer<Float>(count: count)
        for row in 0..<count {
            worths.pointer[row] = try worth(file.element(row, of: scale), file, name)
        }
        return Block(worths)
    }

    /// Of all elements of an int16 tensor.
    static func single(of variable: CTranslate2File.Variable, _ file: CTranslate2File) throws(ModelError) -> Float {
        let name = variable.name + CTranslate2Names.scaleSuffix
        return try worth(try file.number(name) ?? int16Default, file, name)
    }

    private static func worth(
        _ scale: Double, _ file: CTranslate2File, _ name: String
    ) throws(ModelError) -> Float {
        let worth = 1 / Float(scale)
        guard scale > 0, scale.isFinite, worth.isFinite else {
            throw ModelError(
                .invalidValue, file: file.path, tensor: name, "a scale that there cannot be",
                expected: "a number above 0", found: "\(scale)")
        }
        return worth
    }
}
