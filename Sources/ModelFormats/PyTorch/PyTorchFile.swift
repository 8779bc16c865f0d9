internal import Archives
package import Tensors

/// A file of weights as `torch.save` writes a state dictionary (`pytorch_model.bin`), mapped into memory: its tensors are
/// views of the file's pages, and nothing in it is run.
///
/// There are two formats. Since version 1.6 a file is a zip archive: `data.pkl` describes the tensors, and `data/KEY` holds
/// the numbers of one storage (`torch/serialization.py`, `_save`). Before, it was a row of pickles and then the storages,
/// each behind the number of its elements (`_legacy_save`); the models that were uploaded up to 2020 are such.
package struct PyTorchFile: WeightsFile {
    package let path: String
    package var byteCount: Int { mapping.bytes.count }
    package let names: [String]

    private let mapping: MappedFile
    private let tensors: [ExactString: TorchTensor]
    /// Where each storage's numbers lie in the file, by its key.
    private let storages: [String: Range<Int>]

    /// The descriptions of tensors, which are read whole. Those of the largest models take less than 1 MB.
    static let descriptionBytesMax = 64 << 20

    package init(path: String) throws(ModelError) {
        let mapping = try MappedFile(model: path)
        let contents = try withExtendedLifetime(mapping) { (mapping) throws(ModelError) in
            try ZipArchive.isArchive(mapping.bytes)
                ? Contents(archive: mapping.bytes, file: path) : Contents(pickles: mapping.bytes, file: path)
        }
        try contents.check(file: path)
        self.path = path
        self.mapping = mapping
        tensors = contents.tensors
        storages = contents.storages
        names = contents.tensors.keys.map(\.text).sorted()
    }

    package func shape(of name: String) -> [Int]? { tensors[ExactString(name)]?.shape }

    package func format(of name: String) throws(ModelError) -> String {
        let element = try existing(name).storage.element
        switch element {
        case .float64, .float32, .float16, .bfloat16, .int8: return element.words
        case .int64, .int32, .int16, .uint8, .boolean:
            throw ModelError(
                .unsupported, file: path, tensor: name, "its number format is not supported",
                expected: "float64, float32, float16, bfloat16, int8", found: element.words)
        }
    }

    package func tensor(_ name: String, as shape: [Int]?) throws(ModelError) -> StoredTensor {
        let tensor = try existing(name)
        guard tensor.isContiguous else {
            throw ModelError(
                .unsupported, file: path, tensor: name, "its rows do not lie one after the other",
                expected: "strides of a contiguous tensor of \(tensor.shape)", found: "\(tensor.strides)",
                remedy: "save it with .contiguous()")
        }
        let element = tensor.storage.element
        let count = tensor.shape.reduce(1, *)
        // `Contents.check` has seen that it lies in its storage.
        let start =
            (storages[tensor.storage.key]?.lowerBound ?? 0)
            + (tensor.storage.start + tensor.offset) * element.byteCount
        let bytes = UnsafeRawBufferPointer(rebasing: mapping.bytes[start..<start + count * element.byteCount])
        let type: ElementType
        switch element {
        case .float32: type = .float32
        case .float16: type = .float16
        case .bfloat16: type = .bfloat16
        case .float64: return Self.rounded(bytes, Float64.self, shape ?? tensor.shape) { Float($0) }
        case .int8: return Self.rounded(bytes, Int8.self, shape ?? tensor.shape) { Float($0) }
        case .int64, .int32, .int16, .uint8, .boolean:
            _ = try format(of: name)
            preconditionFailure("a format that is not supported has no words")
        }
        return StoredTensor(elementType: type, shape: shape ?? tensor.shape, bytes: bytes, owner: mapping)
    }

    /// Copies numbers as the float32 that are nearest to them.
    private static func rounded<Number: BitwiseCopyable>(
        _ bytes: UnsafeRawBufferPointer, _: Number.Type, _ shape: [Int], _ convert: (Number) -> Float
    ) -> StoredTensor {
        let count = bytes.count / MemoryLayout<Number>.size
        let buffer = AlignedBuffer<Float>(count: count)
        for index in 0..<count {
            let number = bytes.loadUnaligned(fromByteOffset: index * MemoryLayout<Number>.size, as: Number.self)
            buffer.pointer[index] = convert(number)
        }
        return StoredTensor(
            elementType: .float32, shape: shape,
            bytes: UnsafeRawBufferPointer(start: buffer.pointer, count: count * MemoryLayout<Float>.size), owner: buffer
        )
    }

    private func existing(_ name: String) throws(ModelError) -> TorchTensor {
        guard let tensor = tensors[ExactString(name)] else {
            throw ModelError(.missingTensor, file: path, tensor: name, "the file does not have it")
        }
        return tensor
    }
}

extension PyTorchFile {
    /// What a file says that it holds, and where.
    private struct Contents {
        var tensors: [ExactString: TorchTensor] = [:]
        var storages: [String: Range<Int>] = [:]

        init(archive bytes: UnsafeRawBufferPointer, file: String) throws(ModelError) {
            let files = try ZipArchive(bytes, file: file).files
            // The folder that all entries lie in is named after the file that was saved.
            guard let description = files.first(where: { $0.key.hasSuffix("/data.pkl") }),
                description.value.byteCount <= PyTorchFile.descriptionBytesMax
            else {
                throw ModelError(
                    .malformedFile, file: file, "a zip archive, but not one of torch.save: it has no data.pkl",
                    remedy: files.keys.contains { $0.hasSuffix("config.json") }
                        ? "it holds a model's files: unpack it into a folder" : nil)
            }
            let folder = description.key.dropLast("data.pkl".count)
            for (name, entry) in files where entry.isDeflated {
                throw ModelError(
                    .unsupported, file: file, "its entry \(ModelError.quoted(name)) is compressed",
                    expected: "entries stored as they are, as torch.save writes them")
            }
            if let order = files[folder + "byteorder"]?.range, !bytes[order].elementsEqual("little".utf8) {
                throw ModelError(
                    .unsupported, file: file, "its numbers are not little-endian",
                    found: String(decoding: bytes[order], as: UTF8.self))
            }
            var unpickler = Unpickler(
                ByteCursor(UnsafeRawBufferPointer(rebasing: bytes[description.value.range]), file: file))
            tensors = try Self.stateDictionary(try unpickler.read(), unpickler, file: file)
            for tensor in tensors.values {
                let key = tensor.storage.key
                if storages[key] == nil { storages[key] = files["\(folder)data/\(key)"]?.range }
            }
        }

        /// The first pickles: a number that says what this is, the format's version, and the machine's sizes.
        private static let magic: [UInt8] = [
            0x80, 2, 0x8A, 10, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19, 0x2E,
        ]
        private static let version = 1001

        init(pickles bytes: UnsafeRawBufferPointer, file: String) throws(ModelError) {
            guard bytes.starts(with: Self.magic) else {
                throw ModelError(
                    .malformedFile, file: file, "not a file of torch.save",
                    remedy: "the file may be damaged, or of another format")
            }
            var unpickler = Unpickler(ByteCursor(bytes, file: file, at: Self.magic.count))
            let version = try unpickler.read()
            guard version == .integer(Self.version) else {
                throw ModelError(
                    .unsupported, file: file, "a file of torch.save of another version", expected: "\(Self.version)",
                    found: version.summary)
            }
            guard case .dictionary(let machine) = try unpickler.read() else {
                throw unpickler.end.failure("the machine that saved it is not described")
            }
            for (key, value) in unpickler.dictionaries[machine] where key == .text("little_endian") {
                guard value == .boolean(true) else {
                    throw ModelError(.unsupported, file: file, "its numbers are not little-endian")
                }
            }
            tensors = try Self.stateDictionary(try unpickler.read(), unpickler, file: file)
            guard case .list(let keys) = try unpickler.read() else {
                throw unpickler.end.failure("the names of the storages are not listed")
            }
            var cursor = unpickler.end
            for key in unpickler.lists[keys] {
                guard case .text(let key) = key, let element = unpickler.storageElements[key] else {
                    throw cursor.failure("there is a storage that no tensor names, so that its size is not known")
                }
                let count = try cursor.integer(Int64.self)
                let (size, overflows) = Int(count).multipliedReportingOverflow(by: element.byteCount)
                guard !overflows else { throw cursor.failure("a storage of \(count) numbers") }
                storages[key] = try cursor.range(of: size)
            }
        }

        private static func stateDictionary(
            _ value: PickleValue, _ unpickler: Unpickler, file: String
        ) throws(ModelError) -> [ExactString: TorchTensor] {
            guard case .dictionary(let number) = value else {
                throw ModelError(
                    .unsupported, file: file, "it does not hold a dictionary of tensors", found: value.summary,
                    remedy: "save the model's state_dict()")
            }
            var tensors: [ExactString: TorchTensor] = [:]
            for (key, value) in unpickler.dictionaries[number] {
                guard case .text(let name) = key, case .tensor(let tensor) = value else {
                    throw ModelError(
                        .unsupported, file: file, tensor: { if case .text(let name) = key { name } else { nil } }(),
                        "an entry of its dictionary is not a tensor with a name: a training checkpoint, perhaps",
                        found: value.summary, remedy: "save the model's state_dict() alone")
                }
                tensors[ExactString(name)] = tensor
            }
            return tensors
        }

        /// Checks that every tensor lies in its storage, and every storage in the file.
        func check(file: String) throws(ModelError) {
            for (name, tensor) in tensors {
                let storage = tensor.storage
                let needed = Self.product([storage.start + storage.count, storage.element.byteCount])
                guard let range = storages[storage.key], let needed, needed <= range.count else {
                    throw ModelError(
                        .malformedFile, file: file, tensor: name.text, "its numbers are not in the file",
                        expected:
                            "\(storage.count) of \(storage.element.words) in storage \(ModelError.quoted(storage.key))",
                        found: storages[storage.key].map { "\($0.count) bytes" },
                        remedy: "the download may be incomplete")
                }
                guard let count = Self.product(tensor.shape), tensor.offset <= storage.count,
                    count <= storage.count - tensor.offset
                else {
                    throw ModelError(
                        .malformedFile, file: file, tensor: name.text, "it is larger than its storage",
                        expected: "at most \(storage.count) numbers", found: "\(tensor.shape) from \(tensor.offset)")
                }
            }
        }

        private static func product(_ factors: [Int]) -> Int? {
            var product = 1
            for factor in factors {
                let (next, overflows) = product.multipliedReportingOverflow(by: factor)
                if overflows { return nil }
                product = next
            }
            return product
        }
    }
}
