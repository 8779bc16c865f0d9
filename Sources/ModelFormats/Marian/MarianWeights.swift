internal import Inference
internal import Tensors

/// The weights of a file of Marian's, under Dragoman's names and in its order.
struct MarianWeights: TensorSource {
    private struct Place {
        var stored: String
        var form: MarianNames.Form
        /// As Dragoman has it.
        var shape: [Int]
    }

    private let file: any MarianTensorFile
    private let finite = FiniteNames()
    private let places: [TensorName: Place]
    /// What the input of a matrix is multiplied by to be levels, by the matrix' name.
    private let factors: [String: Float]

    /// Finds every tensor that the configuration calls for, checks their extents, and that no other is left over.
    init(
        _ file: any MarianTensorFile, names: MarianNames, _ configuration: ModelConfiguration
    ) throws(ModelError) {
        var tensors = configuration.stackTensors.filter { if case .positions = $0.name { false } else { true } }
        let source = [configuration.sourceVocabularySize, configuration.width]
        let target = [configuration.targetVocabularySize, configuration.width]
        tensors += [(.embedding(.encoder), source), (.embedding(.decoder), target)]
        if !configuration.tiesOutput { tensors.append((.output(.weight), target)) }
        if configuration.biases.output { tensors.append((.output(.bias), [configuration.targetVocabularySize])) }
        var places: [TensorName: Place] = [:]
        for (name, shape) in tensors {
            let (stored, form) = names.stored(name)
            let place = Place(stored: stored, form: form, shape: shape)
            try Self.check(place, in: file)
            places[name] = place
        }
        let factors = try Self.inputFactors(file)
        let hasTable = file.contains(MarianNames.positions)
        for side in [TensorName.Side.encoder, .decoder] where hasTable {
            let shape = [configuration.encoder.maximumLength, configuration.width]
            let place = Place(stored: MarianNames.positions, form: .matrix, shape: shape)
            try Self.check(place, in: file)
            places[.positions(side)] = place
        }
        self.file = file
        self.places = places
        self.factors = factors
        try refuseUnknown()
    }

    func tensor(_ name: TensorName, shape: [Int]) throws -> StoredTensor {
        if case .positions = name, places[name] == nil {
            return Self.tensor(Self.buffer(MarianPositions.table(shape)), shape)
        }
        guard let place = places[name] else {
            throw ModelError(.missingTensor, file: file.path, "the model has no tensor for \(name)")
        }
        guard place.shape == shape else {
            throw Self.wrongShape(place.stored, file, expected: shape, found: place.shape)
        }
        // Marian multiplies rows with matrices `[in, out]`; in 8 bits they lie as they do here.
        let isTurned = (place.form == .transposed) != file.isTransposed(place.stored)
        let tensor = try file.tensor(place.stored, as: isTurned ? shape.reversed() : shape)
        if !finite.contains(place.stored) { try check(tensor, place.stored) }
        finite.insert(place.stored)
        return isTurned ? Self.transposed(tensor) : tensor
    }

    /// Matrices of one input have one factor, for it was measured on the same numbers. Where they differ all the same, rows
    /// are quantised one by one.
    func inputFactor(_ name: String, _ matrices: [TensorName]) throws -> Float? {
        let found = matrices.map { places[$0].flatMap { factors[$0.stored] } }
        guard let first = found.first, found.allSatisfy({ $0 == first }) else { return nil }
        return first
    }

    private func check(_ tensor: StoredTensor, _ stored: String) throws(ModelError) {
        if tensor.elementType == .int8, let index = tensor.bytes.firstIndex(of: 0x80) {
            throw ModelError(
                .malformedFile, file: file.path, tensor: stored, "level \(index) is not one that Marian writes",
                expected: "-127 to 127", found: "-128", remedy: "the file may be damaged")
        }
        if let index = tensor.firstNonFinite() {
            throw ModelError(
                .nonFiniteTensor, file: file.path, tensor: stored, "element \(index) is not a finite number",
                found: "\(tensor.value(at: index))", remedy: "the file may be damaged, or training have diverged")
        }
    }

    /// See `ModelBundle.storedPrecision`.
    var storedPrecision: String {
        var counts: [String: Int] = [:]
        for (stored, count) in elementCounts {
            guard let format = try? file.format(of: stored) else { continue }
            counts[format, default: 0] += count
        }
        return counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map(\.key).joined(separator: ", ")
    }

    var parameterCount: Int { elementCounts.values.reduce(0, +) }

    private var elementCounts: [String: Int] {
        Dictionary(places.values.map { ($0.stored, $0.shape.reduce(1, *)) }, uniquingKeysWith: { first, _ in first })
    }
}

extension MarianWeights {
    private static func buffer(_ values: [Float]) -> AlignedBuffer<Float> {
        let buffer = AlignedBuffer<Float>(count: values.count)
        buffer.pointer.update(from: values, count: values.count)
        return buffer
    }

    private static func tensor(_ buffer: AlignedBuffer<Float>, _ shape: [Int]) -> StoredTensor {
        let size = shape.reduce(1, *) * MemoryLayout<Float>.stride
        return StoredTensor(
            elementType: .float32, shape: shape, bytes: UnsafeRawBufferPointer(start: buffer.pointer, count: size),
            owner: buffer)
    }

    /// `[rows, columns]` as `[columns, rows]`. Levels are worth the same in all rows.
    private static func transposed(_ tensor: StoredTensor) -> StoredTensor {
        let (rows, columns) = (tensor.shape[0], tensor.shape[1])
        guard let scales = tensor.rowScales else {
            return Self.tensor(transposed(tensor.floats(), rows: rows, columns: columns), [columns, rows])
        }
        let levels = AlignedBuffer<Int8>(count: rows * columns)
        tensor.withLevels { levels.pointer.update(from: $0, count: rows * columns) }
        let turned = transposed(levels, rows: rows, columns: columns)
        let worths = AlignedBuffer<Float>(count: columns)
        worths.pointer.update(repeating: scales.pointer[0], count: columns)
        return StoredTensor(
            elementType: .int8, shape: [columns, rows],
            bytes: UnsafeRawBufferPointer(start: turned.pointer, count: turned.byteCount), rowScales: Block(worths),
            owner: turned)
    }

    /// In squares that the nearest caches hold.
    private static func transposed<Element: BitwiseCopyable>(
        _ matrix: AlignedBuffer<Element>, rows: Int, columns: Int
    ) -> AlignedBuffer<Element> {
        let result = AlignedBuffer<Element>(count: rows * columns)
        let side = 32
        for top in stride(from: 0, to: rows, by: side) {
            for left in stride(from: 0, to: columns, by: side) {
                for row in top..<min(top + side, rows) {
                    for column in left..<min(left + side, columns) {
                        result.pointer[column * rows + row] = matrix.pointer[row * columns + column]
                    }
                }
            }
        }
        return result
    }

    /// Reads the multipliers that a model was given for its activations (`…_QuantMultA`, "alphas").
    private static func inputFactors(_ file: any MarianTensorFile) throws(ModelError) -> [String: Float] {
        var factors: [String: Float] = [:]
        for name in file.names where name.hasSuffix(factorSuffix) {
            func failure(found: String) -> ModelError {
                ModelError(
                    .nonFiniteTensor, file: file.path, tensor: name, "it is not a multiplier of activations",
                    expected: "one finite number above 0", found: found, remedy: "the file may be damaged")
            }
            // Before it is read: a number of 8 bits is read with as many multipliers of its own as it has rows.
            let shape = file.shape(of: name) ?? []
            guard shape.allSatisfy({ $0 == 1 }) else { throw failure(found: "\(shape)") }
            let factor = try file.tensor(name, as: nil).value(at: 0)
            guard factor > 0, factor.isFinite, (1 / factor).isFinite else { throw failure(found: "\(factor)") }
            factors[String(name.dropLast(factorSuffix.count))] = factor
        }
        // Versions of Marian that prepared the output layer as a matrix without a name called its multiplier so.
        if let output = factors["none"], factors["Wemb"] == nil { factors["Wemb"] = output }
        return factors
    }

    private static func check(_ place: Place, in file: any MarianTensorFile) throws(ModelError) {
        let expected: [Int]
        switch place.form {
        case .matrix: expected = place.shape
        case .transposed: expected = place.shape.reversed()
        case .row: expected = [1] + place.shape
        }
        guard let found = file.shape(of: place.stored) else {
            throw ModelError(
                .missingTensor, file: file.path, tensor: place.stored, "the file does not have it",
                expected: "\(expected)")
        }
        guard found == expected else { throw wrongShape(place.stored, file, expected: expected, found: found) }
        _ = try file.format(of: place.stored)
        if place.form == .row, file.isTransposed(place.stored) {
            throw ModelError(
                .unsupported, file: file.path, tensor: place.stored, "a vector in 8 bits", expected: "float32")
        }
    }

    private static func wrongShape(
        _ stored: String, _ file: any MarianTensorFile, expected: [Int], found: [Int]
    ) -> ModelError {
        ModelError(
            .wrongShape, file: file.path, tensor: stored, "its shape does not fit the model's options",
            expected: "\(expected)", found: "\(found)")
    }

    private static let factorSuffix = "_QuantMultA"

    /// Besides weights, files have texts (`special:…`), and multipliers of activations.
    private func refuseUnknown() throws(ModelError) {
        let known = Set(places.values.map { ExactString($0.stored) })
        let unknown = file.names.filter {
            !known.contains(ExactString($0)) && !$0.hasPrefix("special:") && !$0.hasSuffix(Self.factorSuffix)
        }
        guard let first = unknown.first else { return }
        let others = unknown.count > 1 ? ", nor for \(unknown.count - 1) more" : ""
        throw ModelError(
            .unknownTensor, file: file.path, tensor: first, "the model's options have no place for it\(others)")
    }
}
