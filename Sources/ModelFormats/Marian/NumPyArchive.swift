internal import Archives
package import Tensors

/// A zip archive of arrays, as `numpy.savez` and Marian write it (`.npz`), mapped into memory.
package struct NumPyArchive: MarianTensorFile {
    package let path: String
    package var byteCount: Int { mapping.bytes.count }
    package let names: [String]

    private struct Entry {
        var header: NumPyHeader
        /// Where its numbers lie.
        var range: Range<Int>
    }

    private let mapping: MappedFile
    private let arrays: [ExactString: Entry]

    package init(path: String) throws(ModelError) {
        let mapping = try MappedFile(model: path)
        let arrays = try withExtendedLifetime(mapping) { (mapping) throws(ModelError) in
            try Self.arrays(mapping.bytes, path)
        }
        self.path = path
        self.mapping = mapping
        self.arrays = arrays
        names = arrays.keys.map(\.text).sorted()
    }

    package func shape(of name: String) -> [Int]? { arrays[ExactString(name)]?.header.shape }

    package func format(of name: String) throws(ModelError) -> String { try format(existing(name), name).words }

    package func tensor(_ name: String, as shape: [Int]?) throws(ModelError) -> StoredTensor {
        let array = try existing(name)
        return StoredTensor(
            elementType: try format(array, name).type, shape: shape ?? array.header.shape,
            bytes: UnsafeRawBufferPointer(rebasing: mapping.bytes[array.range]), owner: mapping)
    }

    package func text(_ name: String) throws(ModelError) -> [UInt8]? {
        guard let array = arrays[ExactString(name)] else { return nil }
        guard ["|i1", "|u1", "|S1", "|b1"].contains(array.header.format) else {
            throw ModelError(
                .malformedFile, file: path, tensor: name, "it is not a text", expected: "bytes, |i1",
                found: ModelError.quoted(array.header.format))
        }
        return withExtendedLifetime(mapping) { [UInt8]($0.bytes[array.range]) }
    }

    private func existing(_ name: String) throws(ModelError) -> Entry {
        guard let array = arrays[ExactString(name)] else {
            throw ModelError(.missingTensor, file: path, tensor: name, "the file does not have it")
        }
        return array
    }

    private func format(_ array: Entry, _ name: String) throws(ModelError) -> (type: ElementType, words: String) {
        switch array.header.format {
        case "<f4": return (.float32, "float32")
        case "<f2": return (.float16, "float16")
        case let format:
            throw ModelError(
                .unsupported, file: path, tensor: name, "its number format is not supported",
                expected: "<f4 or <f2: float32 or float16", found: ModelError.quoted(format))
        }
    }

    private static func arrays(
        _ bytes: UnsafeRawBufferPointer, _ file: String
    ) throws(ModelError) -> [ExactString: Entry] {
        var arrays: [ExactString: Entry] = [:]
        for (name, stored) in try ZipArchive(bytes, file: file).files {
            let tensor = name.hasSuffix(".npy") ? String(name.dropLast(4)) : name
            let range = stored.range
            guard !stored.isDeflated else {
                throw ModelError(
                    .unsupported, file: file, tensor: tensor, "it is compressed, and arrays are read where they lie",
                    remedy: "save the arrays again without compression, with numpy.savez")
            }
            let entry = UnsafeRawBufferPointer(rebasing: bytes[..<range.upperBound])
            var cursor = ByteCursor(entry, file: file, at: range.lowerBound)
            let header = try NumPyHeader(&cursor)
            let numbers = cursor.position..<range.upperBound
            guard let size = Self.byteCount(header) else {
                throw ModelError(
                    .unsupported, file: file, tensor: tensor, "its number format is not one of weights",
                    found: "\(ModelError.quoted(header.format)) \(header.shape)")
            }
            guard size == numbers.count else {
                throw ModelError(
                    .malformedFile, file: file, tensor: tensor, "its size is wrong",
                    expected: "\(size) bytes for \(header.format) \(header.shape)", found: "\(numbers.count)")
            }
            guard arrays.updateValue(Entry(header: header, range: numbers), forKey: ExactString(tensor)) == nil else {
                throw ModelError(.malformedFile, file: file, tensor: tensor, "two entries have this name")
            }
        }
        return arrays
    }

    /// The size of an array's numbers, in bytes; nil for a format without a size, or beyond all sizes.
    private static func byteCount(_ header: NumPyHeader) -> Int? {
        guard let size = header.format.last?.wholeNumberValue, header.format.utf8.count == 3, size > 0 else {
            return nil
        }
        var count = size
        for extent in header.shape {
            let (product, overflows) = count.multipliedReportingOverflow(by: extent)
            if overflows { return nil }
            count = product
        }
        return count
    }
}
