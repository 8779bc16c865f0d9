internal import Foundation
package import Inference
package import Tensors

/// The weights of a model in the files of the hub, under Dragoman's names: what is the same for every family. What a family
/// calls them is a `FamilyNames`.
package struct FamilyWeights: TensorSource {
    private struct Place {
        var stored: String
        /// As Dragoman has it; `final_logits_bias` has a leading 1 in the file.
        var shape: [Int]
    }

    private let file: any WeightsFile
    private let names: FamilyNames
    private let finite = FiniteNames()
    private var places: [TensorName: Place] = [:]

    /// Finds every tensor that the configuration calls for, checks their extents, and that no other is left over.
    ///
    /// What only the file can tell is set in `configuration`: whether the tables that it declares apart are one, and
    /// whether there is an output bias (transformers takes zeros when it is missing).
    package init(
        _ file: any WeightsFile, names: FamilyNames, _ configuration: inout ModelConfiguration
    ) throws(ModelError) {
        self.file = file
        self.names = names
        let declaresShared = configuration.sharesEmbeddings
        try placeEmbeddings(&configuration)
        for (name, shape) in configuration.stackTensors where names.computed(name) == nil {
            try place(name, names.required(name), shape)
        }
        let bias = names.stored(.output(.bias)).flatMap { file.contains($0) ? $0 : nil }
        configuration.biases.output = bias != nil
        if let bias {
            let shape = [1, configuration.targetVocabularySize]
            try place(.output(.bias), bias, shape, as: Array(shape.dropFirst()))
        }
        for side in [TensorName.Side.encoder, .decoder] { try checkPositions(side, configuration) }
        try refuseUnknown(declaresShared: declaresShared)
    }

    package func tensor(_ name: TensorName, shape: [Int]) throws -> StoredTensor {
        if let compute = names.computed(name) { return Self.tensor(compute(shape), shape: shape) }
        guard let place = places[name] else {
            throw ModelError(.missingTensor, file: file.path, "the model has no tensor for \(name)")
        }
        guard place.shape == shape else {
            throw wrongShape(place.stored, expected: shape, found: place.shape)
        }
        let tensor = try file.tensor(place.stored, as: shape)
        if !finite.contains(place.stored), let index = tensor.firstNonFinite() {
            throw ModelError(
                .nonFiniteTensor, file: file.path(of: place.stored), tensor: place.stored,
                "element \(index) is not a finite number",
                found: "\(tensor.value(at: index))", remedy: "the file may be damaged, or training have diverged")
        }
        finite.insert(place.stored)
        return tensor
    }

    private static func tensor(_ values: [Float], shape: [Int]) -> StoredTensor {
        let buffer = AlignedBuffer<Float>(count: values.count)
        buffer.pointer.update(from: values, count: values.count)
        return StoredTensor(
            elementType: .float32, shape: shape,
            bytes: UnsafeRawBufferPointer(start: buffer.pointer, count: values.count * MemoryLayout<Float>.stride),
            owner: buffer)
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

extension FamilyWeights {
    /// Finds the tables of both sides and the output's.
    ///
    /// transformers ties them in either direction, to whichever is in the file (`PreTrainedModel.tie_weights`); when it is
    /// told that two are one and finds two that differ, version 4 takes the one and version 5 both, so it is refused here.
    /// Told not to tie, version 5 has a table for each side; version 4 wrote those only as `model.shared.weight`.
    private mutating func placeEmbeddings(_ configuration: inout ModelConfiguration) throws(ModelError) {
        let source = [configuration.sourceVocabularySize, configuration.width]
        let target = [configuration.targetVocabularySize, configuration.width]
        let shared = names.shared
        let (encoder, decoder) = (names.required(.embedding(.encoder)), names.required(.embedding(.decoder)))
        let output = names.required(.output(.weight))

        switch (configuration.sharesEmbeddings, configuration.tiesOutput) {
        case (true, true) where names.untiesByFile:
            try placeAsStored(&configuration, source, target)
        case (false, true) where names.untiesByFile:
            try place(.embedding(.encoder), encoder, source)
            try place(.embedding(.decoder), decoder, target)
            try placeOutput(&configuration, tiedTo: decoder, target)
        case (true, true):
            let name = try oneOf([shared, decoder, encoder, output], target)
            try place(.embedding(.encoder), name, source)
            try place(.embedding(.decoder), name, target)
            try place(.output(.weight), name, target)
        case (false, true):
            try place(.embedding(.encoder), encoder, source)
            let name = try oneOf([decoder, output], target)
            try place(.embedding(.decoder), name, target)
            try place(.output(.weight), name, target)
        case (true, false):
            let ownEncoder = file.contains(encoder) ? encoder : shared
            let ownDecoder = file.contains(decoder) ? decoder : shared
            try place(.embedding(.encoder), ownEncoder, source)
            try place(.embedding(.decoder), ownDecoder, target)
            try place(.output(.weight), output, target)
            configuration.sharesEmbeddings = try areEqual(ownEncoder, ownDecoder)
        case (false, false):
            try place(.embedding(.encoder), encoder, source)
            try place(.embedding(.decoder), decoder, target)
            try place(.output(.weight), output, target)
        }
    }

    /// Takes tables that the configuration calls one from where they are: what is not in the file, or is there alike, is
    /// the shared one.
    private mutating func placeAsStored(
        _ configuration: inout ModelConfiguration, _ source: [Int], _ target: [Int]
    ) throws(ModelError) {
        let shared = names.shared
        let (encoder, decoder) = (names.required(.embedding(.encoder)), names.required(.embedding(.decoder)))
        let output = names.required(.output(.weight))
        guard let main = [shared, decoder, encoder, output].first(where: file.contains) else {
            throw missing(shared, target, or: [decoder, encoder, output])
        }
        try check(main, target)
        let ownEncoder = try differs(encoder, from: main, source) ? encoder : main
        let ownDecoder = try differs(decoder, from: main, target) ? decoder : main
        try place(.embedding(.encoder), ownEncoder, source)
        try place(.embedding(.decoder), ownDecoder, target)
        configuration.sharesEmbeddings = ownEncoder == ownDecoder
        // The output is tied to the shared table, whatever the decoder has.
        if try !differs(output, from: main, target), ownDecoder != main {
            try place(.output(.weight), main, target)
            configuration.tiesOutput = false
        } else {
            try placeOutput(&configuration, tiedTo: ownDecoder, target)
        }
    }

    private mutating func placeOutput(
        _ configuration: inout ModelConfiguration, tiedTo table: String, _ target: [Int]
    ) throws(ModelError) {
        let output = names.required(.output(.weight))
        configuration.tiesOutput = try !differs(output, from: table, target)
        try place(.output(.weight), configuration.tiesOutput ? table : output, target)
    }

    /// Whether the file has a table of its own under `name`, unlike `main`.
    private func differs(_ name: String, from main: String, _ shape: [Int]) throws(ModelError) -> Bool {
        guard file.contains(name) else { return false }
        try check(name, shape)
        return try !areEqual(main, name)
    }

    /// Returns the first of the names that the file has, all of which it must have alike.
    private func oneOf(_ names: [String], _ shape: [Int]) throws(ModelError) -> String {
        let present = names.filter { file.contains($0) }
        guard let first = present.first else {
            throw missing(names[0], shape, or: Array(names.dropFirst()))
        }
        for name in present {
            try check(name, shape)
            guard try areEqual(first, name) else {
                throw ModelError(
                    .contradiction, file: file.path(of: name), tensor: name,
                    "the configuration ties it to \(first), and they differ",
                    remedy: "set tie_word_embeddings to false in config.json if they are meant to")
            }
        }
        return first
    }

    private func areEqual(_ first: String, _ second: String) throws(ModelError) -> Bool {
        if first == second { return true }
        let (first, second) = (try file.tensor(first), try file.tensor(second))
        guard first.elementType == second.elementType, first.bytes.count == second.bytes.count else { return false }
        guard let left = first.bytes.baseAddress, let right = second.bytes.baseAddress, left != right else {
            return true
        }
        // Copies may be all that nobody reads again.
        defer {
            for copy in [first, second] { copy.unload(0..<copy.elementCount) }
        }
        return memcmp(left, right, first.bytes.count) == 0
    }

    private mutating func place(
        _ name: TensorName, _ stored: String, _ shape: [Int], as presented: [Int]? = nil
    ) throws(ModelError) {
        try check(stored, shape)
        places[name] = Place(stored: stored, shape: presented ?? shape)
    }

    private func check(_ stored: String, _ shape: [Int]) throws(ModelError) {
        guard let found = file.shape(of: stored) else { throw missing(stored, shape) }
        guard found == shape else { throw wrongShape(stored, expected: shape, found: found) }
        _ = try file.format(of: stored)
    }

    /// Checks a position table that some conversions store: Dragoman computes the sines, and the table must be theirs.
    private func checkPositions(
        _ side: TensorName.Side, _ configuration: ModelConfiguration
    ) throws(ModelError) {
        let stack = side == .encoder ? configuration.encoder : configuration.decoder
        guard stack.positions == .sinusoidal, let stored = names.stored(.positions(side)), file.contains(stored) else {
            return
        }
        try check(stored, [stack.maximumLength, configuration.width])
        let table = try file.tensor(stored)
        let width = configuration.width
        let sines = (width + 1) / 2
        // bfloat16 rounds numbers up to 1 by at most 2^-9; a trained table is further off than this within a few entries.
        let tolerance = 0.005
        for column in 0..<width {
            let isSine = column < sines
            let frequency = pow(10_000, -Double(2 * (isSine ? column : column - sines)) / Double(width))
            for position in 0..<stack.maximumLength {
                let angle = Double(position) * frequency
                let expected = isSine ? sin(angle) : cos(angle)
                let found = Double(table.value(at: position * width + column))
                // Written so that a NaN fails too.
                guard abs(found - expected) <= tolerance else {
                    throw ModelError(
                        .unsupported, file: file.path(of: stored), tensor: stored,
                        "the position table is not the sinusoidal one, at position \(position), column \(column)",
                        expected: "\(Float(expected))", found: "\(Float(found))")
                }
            }
        }
    }

    private func refuseUnknown(declaresShared: Bool) throws(ModelError) {
        // Tables that have no place of their own: copies of a tied one, which `oneOf` has compared, and the shared one
        // that version 5 writes beside each side's and does not use.
        var known = [names.stored(.output(.weight)), declaresShared ? names.shared : nil]
        for side in [TensorName.Side.encoder, .decoder] {
            known += [names.stored(.embedding(side)), names.stored(.positions(side))]
        }
        let allowed = Set(
            (places.values.map(\.stored) + known.compactMap(\.self) + names.ignored).map { ExactString($0) })
        let unknown = file.names.filter { !allowed.contains(ExactString($0)) }
        if let first = unknown.first {
            let others = unknown.count > 1 ? ", nor for \(unknown.count - 1) more" : ""
            throw ModelError(
                .unknownTensor, file: file.path(of: first), tensor: first,
                "the configuration has no place for it\(others)")
        }
    }

    private func missing(_ stored: String, _ shape: [Int], or others: [String] = []) -> ModelError {
        ModelError(
            .missingTensor, file: file.path, tensor: stored,
            "the file does not have it" + (others.isEmpty ? "" : ", nor \(others.joined(separator: " or "))"),
            expected: "\(shape)")
    }

    private func wrongShape(_ stored: String, expected: [Int], found: [Int]) -> ModelError {
        ModelError(
            .wrongShape, file: file.path(of: stored), tensor: stored, "its shape does not fit the configuration",
            expected: "\(expected)", found: "\(found)")
    }
}
