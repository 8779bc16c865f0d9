package import Tensors

/// Marian's own file of tensors (`.bin`, made by `marian-conv`), mapped into memory.
///
/// | part | what |
/// |---|---|
/// | version | 1 |
/// | count | of entries |
/// | entries | length of the name, number format, rank, length of the data |
/// | names | one after the other, each with a zero at its end |
/// | extents | 32 bits each |
/// | padding | its length, and so many zeros, so that the data lies at a multiple of 256 |
/// | data | one after the other |
///
/// All other numbers have 64 bits (`src/common/binary.cpp` of marian-dev, and of the fork that Firefox uses).
package struct MarianBinaryFile: MarianTensorFile {
    package let path: String
    package var byteCount: Int { mapping.bytes.count }
    package let names: [String]

    /// The number formats, whose codes differ between the two (`src/common/types.h`).
    private enum Format: UInt64 {
        case int8 = 0x101
        case float16 = 0x402
        case float32 = 0x404
        /// The fork's and marian-dev's.
        case levels8Fork = 0x4101
        case levels8 = 0x10001

        var words: String {
            switch self {
            case .int8: "bytes"
            case .float16: "float16"
            case .float32: "float32"
            case .levels8, .levels8Fork: "int8"
            }
        }

        /// The size of an entry of so many elements, in bytes, without padding.
        func byteCount(_ elements: Int) -> Int {
            switch self {
            case .int8: elements
            case .float16: 2 * elements
            case .float32: 4 * elements
            // A multiplier follows the levels.
            case .levels8, .levels8Fork: elements + 4
            }
        }
    }

    private struct Entry {
        var format: Format
        var shape: [Int]
        var elementCount: Int
        var range: Range<Int>
    }

    static let version: UInt64 = 1
    private static let encryptedVersion: UInt64 = 2
    private static let entryBytes = 32
    private static let rankMax = 32
    /// Formats of FBGEMM, in 16 bits, and of intgemm for one instruction set.
    private static let foreignFormats: Set<UInt64> = [
        0x802, 0x1801, 0x2801, 0x4102, 0x10002, 0x18001, 0x11001, 0x12001, 0x13001, 0x14002, 0x11002, 0x12002,
    ]

    private let mapping: MappedFile
    private let entries: [ExactString: Entry]

    package init(path: String) throws(ModelError) {
        let mapping = try MappedFile(model: path)
        let entries = try withExtendedLifetime(mapping) { (mapping) throws(ModelError) in
            try Self.entries(mapping.bytes, path)
        }
        self.path = path
        self.mapping = mapping
        self.entries = entries
        names = entries.keys.map(\.text).sorted()
    }

    /// Whether a file begins as one of these does.
    static func isOne(_ path: String) -> Bool {
        guard let mapping = try? MappedFile(path: path), mapping.bytes.count >= 8 else { return false }
        return withExtendedLifetime(mapping) {
            let version = UInt64(littleEndian: $0.bytes.loadUnaligned(as: UInt64.self))
            return version == Self.version || version == encryptedVersion
        }
    }

    package func shape(of name: String) -> [Int]? { entries[ExactString(name)]?.shape }

    package func format(of name: String) throws(ModelError) -> String {
        let format = try existing(name).format
        guard format != .int8 else {
            throw ModelError(
                .unsupported, file: path, tensor: name, "its number format is not one of weights",
                expected: "float32, float16, int8 with a multiplier (intgemm8)", found: format.words)
        }
        return format.words
    }

    package func tensor(_ name: String, as shape: [Int]?) throws(ModelError) -> StoredTensor {
        let entry = try existing(name)
        let shape = shape ?? entry.shape
        func view(_ type: ElementType, scales: Block<Float>? = nil) -> StoredTensor {
            StoredTensor(
                elementType: type, shape: shape,
                bytes: UnsafeRawBufferPointer(
                    rebasing: mapping.bytes[entry.range].prefix(entry.elementCount * type.byteCount)),
                rowScales: scales, owner: mapping)
        }
        switch entry.format {
        case .float32: return view(.float32)
        case .float16: return view(.float16)
        case .levels8, .levels8Fork:
            guard shape.count == 2 else {
                throw ModelError(
                    .malformedFile, file: path, tensor: name, "only matrices are stored in 8 bits", found: "\(shape)")
            }
            return view(.int8, scales: try scales(name, entry, count: shape[0]))
        case .int8:
            throw ModelError(
                .unsupported, file: path, tensor: name, "its number format is not one of such a tensor",
                expected: "float32 or float16", found: entry.format.words)
        }
    }

    /// What a level is worth in each row: in all of them the same, of which the file has the reciprocal.
    private func scales(_ name: String, _ entry: Entry, count: Int) throws(ModelError) -> Block<Float> {
        let stored = mapping.bytes.loadUnaligned(
            fromByteOffset: entry.range.lowerBound + entry.elementCount, as: UInt32.self)
        let multiplier = Float(bitPattern: UInt32(littleEndian: stored))
        guard multiplier > 0, multiplier.isFinite, (1 / multiplier).isFinite else {
            throw ModelError(
                .nonFiniteTensor, file: path, tensor: name, "the multiplier of its levels is not one",
                expected: "a finite number above 0", found: "\(multiplier)", remedy: "the file may be damaged")
        }
        let scales = AlignedBuffer<Float>(count: count)
        scales.pointer.update(repeating: 1 / multiplier, count: count)
        return Block(scales)
    }

    /// Levels lie transposed but for those of embeddings (`expression_graph_packable.h` of the fork; marian-dev keeps
    /// embeddings in floats).
    package func isTransposed(_ name: String) -> Bool {
        switch entries[ExactString(name)]?.format {
        case .levels8, .levels8Fork: !name.contains("Wemb")
        default: false
        }
    }

    package func text(_ name: String) throws(ModelError) -> [UInt8]? {
        guard let entry = entries[ExactString(name)] else { return nil }
        guard entry.format == .int8 else {
            throw ModelError(
                .malformedFile, file: path, tensor: name, "it is not a text", expected: Format.int8.words,
                found: entry.format.words)
        }
        return withExtendedLifetime(mapping) { [UInt8]($0.bytes[entry.range].prefix(entry.elementCount)) }
    }

    private func existing(_ name: String) throws(ModelError) -> Entry {
        guard let entry = entries[ExactString(name)] else {
            throw ModelError(.missingTensor, file: path, tensor: name, "the file does not have it")
        }
        return entry
    }
}

extension MarianBinaryFile {
    private struct Head {
        var nameLength: UInt64
        var format: UInt64
        var rank: UInt64
        var dataLength: UInt64
    }

    private static func entries(
        _ bytes: UnsafeRawBufferPointer, _ file: String
    ) throws(ModelError) -> [ExactString: Entry] {
        var cursor = ByteCursor(bytes, file: file)
        let found = try cursor.integer(UInt64.self)
        guard found == version else {
            throw ModelError(
                .unsupported, file: file,
                found == encryptedVersion ? "the model is encrypted" : "not a model file of Marian's",
                expected: "version \(version)", found: "\(found)")
        }
        let count = try cursor.integer(UInt64.self)
        guard count <= UInt64(bytes.count / entryBytes) else {
            throw cursor.failure("\(count) entries, more than the file has room for", at: 8)
        }
        var heads: [Head] = []
        for _ in 0..<count {
            heads.append(
                Head(
                    nameLength: try cursor.integer(UInt64.self), format: try cursor.integer(UInt64.self),
                    rank: try cursor.integer(UInt64.self), dataLength: try cursor.integer(UInt64.self)))
        }
        var names: [String] = []
        for head in heads { names.append(try name(head, &cursor)) }
        var shapes: [[Int]] = []
        for (head, name) in zip(heads, names) { shapes.append(try shape(head, name, &cursor)) }
        let padding = try cursor.integer(UInt64.self)
        _ = try cursor.range(of: length(padding, cursor))
        var entries: [ExactString: Entry] = [:]
        for (index, head) in heads.enumerated() {
            let entry = try entry(head, names[index], shapes[index], &cursor)
            guard entries.updateValue(entry, forKey: ExactString(names[index])) == nil else {
                throw ModelError(.malformedFile, file: file, tensor: names[index], "two entries have this name")
            }
        }
        guard cursor.position == bytes.count else {
            throw cursor.failure("\(bytes.count - cursor.position) bytes follow the last tensor")
        }
        return entries
    }

    private static func length(_ length: UInt64, _ cursor: ByteCursor) throws(ModelError) -> Int {
        guard let count = Int(exactly: length) else { throw cursor.failure("a part of \(length) bytes") }
        return count
    }

    private static func name(_ head: Head, _ cursor: inout ByteCursor) throws(ModelError) -> String {
        let start = cursor.position
        let name = try cursor.text(of: try length(head.nameLength, cursor))
        guard name.unicodeScalars.last == "\0" else { throw cursor.failure("a name without its end", at: start) }
        return String(name.unicodeScalars.dropLast())
    }

    private static func shape(_ head: Head, _ name: String, _ cursor: inout ByteCursor) throws(ModelError) -> [Int] {
        guard head.rank <= rankMax else { throw cursor.failure("\(ModelError.quoted(name)) has \(head.rank) extents") }
        var shape: [Int] = []
        for _ in 0..<head.rank {
            let extent = try cursor.integer(Int32.self)
            guard extent >= 0 else {
                throw cursor.failure("\(ModelError.quoted(name)) has the extent \(extent)", at: cursor.position - 4)
            }
            shape.append(Int(extent))
        }
        return shape
    }

    private static func entry(
        _ head: Head, _ name: String, _ shape: [Int], _ cursor: inout ByteCursor
    ) throws(ModelError) -> Entry {
        guard let format = Format(rawValue: head.format) else {
            let isForeign = foreignFormats.contains(head.format)
            throw ModelError(
                .unsupported, file: cursor.file, tensor: name,
                isForeign
                    ? "its number format (of FBGEMM, in 16 bits, or for one instruction set) is not read"
                    : "its number format is unknown",
                expected: "float32 (0x404), float16 (0x402) or intgemm8 (0x10001, 0x4101)",
                found: "0x\(String(head.format, radix: 16))",
                remedy: isForeign ? "convert the model again, with marian-conv --gemm-type float32 or intgemm8" : nil)
        }
        var elementCount = 1
        for extent in shape {
            let (product, overflows) = elementCount.multipliedReportingOverflow(by: extent)
            guard !overflows, product <= Int.max / 8 else {
                throw ModelError(.malformedFile, file: cursor.file, tensor: name, "its shape \(shape) is too large")
            }
            elementCount = product
        }
        let size = try length(head.dataLength, cursor), needed = format.byteCount(elementCount)
        guard size >= needed else {
            throw ModelError(
                .malformedFile, file: cursor.file, tensor: name, "its size is wrong",
                expected: "at least \(needed) bytes for \(format.words) \(shape)", found: "\(size)")
        }
        return Entry(format: format, shape: shape, elementCount: elementCount, range: try cursor.range(of: size))
    }
}
