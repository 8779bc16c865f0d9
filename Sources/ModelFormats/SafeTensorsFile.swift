import Checksums
package import Tensors

/// A safetensors file, mapped into memory: its tensors are views of the file's pages, copied nowhere.
///
/// See `MappedFile` for what may be done to the file meanwhile.
package struct SafeTensorsFile: WeightsFile {
    package var path: String { mapping.path }
    /// The size of the file, in bytes.
    package var byteCount: Int { mapping.bytes.count }
    /// The tensors' names, sorted.
    package let names: [String]
    /// The header's free-form `__metadata__`, by key.
    package let metadata: [String: String]

    private let mapping: MappedFile
    private let entries: [ExactString: SafeTensorsHeader.Entry]
    private let dataStart: Int

    /// Maps the file at `path` and checks its header. No tensor is read.
    ///
    /// - Parameter isReadOften: See `MappedFile`.
    package init(path: String, isReadOften: Bool = false) throws(ModelError) {
        let mapping = try MappedFile(model: path, isReadOften: isReadOften)
        let header = try withExtendedLifetime(mapping) { (mapping) throws(ModelError) in
            try SafeTensorsHeader(mapping.bytes, file: path)
        }
        self.mapping = mapping
        self.entries = header.entries
        self.dataStart = header.dataStart
        self.names = header.entries.keys.map(\.text).sorted()
        self.metadata = Dictionary(
            header.metadata.map { ($0.key.text, $0.value) }, uniquingKeysWith: { first, _ in first })
    }

    /// The extents of the tensor called `name`; `nil` when there is none.
    package func shape(of name: String) -> [Int]? { entries[ExactString(name)]?.shape }

    package func contains(_ name: String) -> Bool { entries[ExactString(name)] != nil }

    /// The number format of the tensor called `name`.
    package func elementType(of name: String) throws(ModelError) -> ElementType {
        let dtype = try entry(name).dtype
        guard let elementType = ElementType.floats.first(where: { $0.rawValue == dtype }) else {
            throw ModelError(
                .unsupported, file: path, tensor: name, "its number format is not supported",
                expected: ElementType.floats.map(\.rawValue).joined(separator: ", "), found: dtype)
        }
        return elementType
    }

    package func format(of name: String) throws(ModelError) -> String { try elementType(of: name).words }

    package func tensor(_ name: String, as shape: [Int]? = nil) throws(ModelError) -> StoredTensor {
        let entry = try entry(name)
        return StoredTensor(
            elementType: try elementType(of: name), shape: shape ?? entry.shape,
            bytes: UnsafeRawBufferPointer(rebasing: mapping.bytes[entry.range]), owner: mapping)
    }

    /// Returns a view of the matrix of levels called `name`.
    ///
    /// - Parameter scales: What a level is worth in each row.
    func levels(_ name: String, scales: Block<Float>) throws(ModelError) -> StoredTensor {
        let entry = try entry(name)
        guard entry.dtype == ElementType.int8.rawValue else {
            throw ModelError(
                .wrongShape, file: path, tensor: name, "it holds numbers of another format",
                expected: ElementType.int8.rawValue, found: entry.dtype)
        }
        guard entry.shape.count == 2, entry.shape[0] <= scales.count else {
            throw ModelError(
                .wrongShape, file: path, tensor: name, "it has no scale for each row",
                expected: "[up to \(scales.count), columns]", found: "\(entry.shape)")
        }
        return StoredTensor(
            elementType: .int8, shape: entry.shape, bytes: UnsafeRawBufferPointer(rebasing: mapping.bytes[entry.range]),
            rowScales: scales, owner: mapping)
    }

    /// Returns the memory of the tensor called `name`, which must be a list of `count` of these elements (of any number
    /// if nil), at a multiple of `alignment` bytes.
    package func block<Element: BlockElement>(
        _ name: String, count: Int? = nil, alignment: Int = MemoryLayout<Element>.alignment
    ) throws(ModelError) -> Block<Element> {
        let entry = try entry(name)
        guard entry.dtype == Element.storedName else {
            throw ModelError(
                .wrongShape, file: path, tensor: name, "it holds numbers of another format",
                expected: Element.storedName, found: entry.dtype)
        }
        guard entry.shape.count == 1, !entry.range.isEmpty, entry.shape[0] == count ?? entry.shape[0] else {
            throw ModelError(
                .wrongShape, file: path, tensor: name, "its shape does not fit the configuration",
                expected: "[\(count.map(String.init) ?? "any number above 0")]", found: "\(entry.shape)")
        }
        guard entry.range.lowerBound % alignment == 0 else {
            throw ModelError(
                .malformedFile, file: path, tensor: name, "its data is not aligned",
                expected: "a multiple of \(alignment)", found: "byte \(entry.range.lowerBound)")
        }
        return Block(
            UnsafeRawBufferPointer(rebasing: mapping.bytes[entry.range]), count: entry.shape[0], owner: mapping)
    }

    /// The checksum of what the header says; see `SafeTensorsWriter`.
    package var headerChecksum: String {
        SafeTensorsHeader.checksum(entries.map { ($0.key.text, $0.value) }, metadata, dataStart: dataStart)
    }

    /// The checksum of the tensors' data: reads the whole file.
    package var dataChecksum: String {
        var checksum = XXHash64()
        checksum.add(UnsafeRawBufferPointer(rebasing: mapping.bytes[dataStart...]))
        return checksum.text
    }

    private func entry(_ name: String) throws(ModelError) -> SafeTensorsHeader.Entry {
        guard let entry = entries[ExactString(name)] else {
            throw ModelError(.missingTensor, file: path, tensor: name, "the file does not have it")
        }
        return entry
    }
}

extension ElementType {
    /// The format's name for people.
    fileprivate var words: String {
        switch self {
        case .float32: "float32"
        case .float16: "float16"
        case .bfloat16: "bfloat16"
        case .int8: "int8"
        }
    }
}
