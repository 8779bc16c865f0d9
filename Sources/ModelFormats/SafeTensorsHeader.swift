/// The directory at the head of a safetensors file: which tensors it has, and where.
///
/// The format is eight bytes of header length (little-endian), that many bytes of JSON
/// `{"name": {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]}, …, "__metadata__": {"key": "text"}}`, then the
/// data, offsets counting from its start (https://github.com/huggingface/safetensors, `README.md`). What the reference
/// reader (`safetensors/src/tensor.rs`) refuses is refused here; so are keys that appear twice, where the
/// reference keeps one of them, and keys that the format does not have, which it skips.
struct SafeTensorsHeader: Equatable {
    /// The reference reader's limit, in bytes.
    static let lengthMax = 100_000_000

    /// More extents than any tensor has; the format sets no limit.
    static let rankMax = 32

    struct Entry: Equatable {
        /// As the file has it: `BF16`.
        var dtype: String
        var shape: [Int]
        /// In bytes from the start of the file.
        var range: Range<Int>
    }

    private(set) var entries: [ExactString: Entry] = [:]
    private(set) var metadata: [ExactString: String] = [:]
    /// Where the data begins, in bytes from the start of the file.
    let dataStart: Int

    /// Reads and checks the header of a whole file.
    init(_ bytes: UnsafeRawBufferPointer, file: String) throws(ModelError) {
        guard bytes.count >= 8 else {
            throw Self.malformed(file, "the file is too short", expected: "at least 8 bytes", found: "\(bytes.count)")
        }
        let length = UInt64(littleEndian: bytes.loadUnaligned(as: UInt64.self))
        guard length <= Self.lengthMax else {
            throw Self.malformed(
                file, "the header is too long", expected: "at most \(Self.lengthMax) bytes", found: "\(length)")
        }
        let dataStart = 8 + Int(length)
        self.dataStart = dataStart
        guard dataStart <= bytes.count else {
            throw Self.malformed(
                file, "the file ends inside its header", expected: "at least \(dataStart) bytes",
                found: "\(bytes.count)", remedy: "the download may be incomplete")
        }
        // Copied: what is checked here must not change under the reader when somebody writes into the file.
        let text = [UInt8](bytes[8..<dataStart])
        guard text.first == UInt8(ascii: "{") else {
            throw Self.malformed(
                file, "the header does not begin with {", remedy: "the file may be of another format")
        }
        var scanner = JSONScanner(text, file: file, origin: 8)
        try scanner.object { (name, scanner) throws(ModelError) in
            if name == "__metadata__" {
                try scanner.object { (key, scanner) throws(ModelError) in
                    metadata[ExactString(key)] = try scanner.string()
                }
            } else {
                entries[ExactString(name)] = try Self.entry(name, &scanner, dataStart: dataStart)
            }
        }
        try scanner.end()
        try checkCoverage(from: dataStart, to: bytes.count, file: file)
    }

    /// Checks that the tensors cover the data once, without holes: the order in the header is free.
    private func checkCoverage(from start: Int, to end: Int, file: String) throws(ModelError) {
        var position = start
        // Empty ranges sort before the one that starts at the same byte.
        let ordered = entries.map { (name: $0.key.text, range: $0.value.range) }.sorted {
            ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound)
        }
        for (name, range) in ordered {
            guard range.lowerBound == position else {
                throw Self.malformed(
                    file, tensor: name,
                    "its data \(range.lowerBound < position ? "overlaps" : "leaves a hole after") the data before it",
                    expected: "a start at byte \(position - start) of the data",
                    found: "\(range.lowerBound - start)")
            }
            position = range.upperBound
        }
        guard position == end else {
            throw Self.malformed(
                file, position < end ? "bytes follow the last tensor" : "the file ends inside its tensors",
                expected: "\(position) bytes", found: "\(end)",
                remedy: position < end ? nil : "the download may be incomplete")
        }
    }

    private static func entry(
        _ name: String, _ scanner: inout JSONScanner, dataStart: Int
    ) throws(ModelError) -> Entry {
        let file = scanner.file
        var dtype: String?
        var shape: [Int]?
        var offsets: [Int]?
        try scanner.object { (key, scanner) throws(ModelError) in
            switch key {
            case "dtype": dtype = try scanner.string()
            case "shape": shape = try extents(name, &scanner, countMax: rankMax)
            case "data_offsets": offsets = try extents(name, &scanner, countMax: 2)
            default: throw malformed(file, tensor: name, "the format has no key \(ModelError.quoted(key))")
            }
        }
        guard let dtype, let shape, let offsets, offsets.count == 2 else {
            throw malformed(
                file, tensor: name, "its entry is incomplete", expected: "dtype, shape and two data_offsets")
        }
        guard let bits = bitCounts[dtype] else {
            throw malformed(file, tensor: name, "its number format \(ModelError.quoted(dtype)) is unknown")
        }
        var bitCount = bits
        for extent in shape {
            let (product, overflows) = bitCount.multipliedReportingOverflow(by: extent)
            guard !overflows else { throw malformed(file, tensor: name, "its shape \(shape) is too large") }
            bitCount = product
        }
        let expected = bitCount % 8 == 0 ? "\(bitCount / 8) bytes for \(dtype) \(shape)" : "a whole number of bytes"
        let (start, end) = (offsets[0], offsets[1])
        guard start <= end, bitCount % 8 == 0, end - start == bitCount / 8 else {
            throw malformed(
                file, tensor: name, "its size is wrong", expected: expected, found: "bytes \(start) to \(end)")
        }
        guard end <= Int.max - dataStart else { throw malformed(file, tensor: name, "its data lies out of reach") }
        return Entry(dtype: dtype, shape: shape, range: dataStart + start..<dataStart + end)
    }

    private static func extents(
        _ name: String, _ scanner: inout JSONScanner, countMax: Int
    ) throws(ModelError) -> [Int] {
        let file = scanner.file
        var extents: [Int] = []
        try scanner.array { (scanner) throws(ModelError) in
            let extent = try scanner.integer()
            guard extent >= 0, extents.count < countMax else {
                throw malformed(
                    file, tensor: name, "its shape or data_offsets are wrong",
                    expected: "at most \(countMax) numbers, none negative", found: "\(extents + [extent])")
            }
            extents.append(extent)
        }
        return extents
    }

    /// The sizes of one element, in bits, of every format that the reference implementation knows.
    static let bitCounts = [
        "F4": 4, "F6_E2M3": 6, "F6_E3M2": 6, "BOOL": 8, "U8": 8, "I8": 8, "F8_E5M2": 8, "F8_E4M3": 8, "F8_E8M0": 8,
        "F8_E4M3FNUZ": 8, "F8_E5M2FNUZ": 8, "I16": 16, "U16": 16, "F16": 16, "BF16": 16, "I32": 32, "U32": 32,
        "F32": 32, "I64": 64, "U64": 64, "F64": 64, "C64": 64,
    ]

    private static func malformed(
        _ file: String, tensor: String? = nil, _ problem: String, expected: String? = nil, found: String? = nil,
        remedy: String? = nil
    ) -> ModelError {
        ModelError(
            .malformedFile, file: file, tensor: tensor, tensor == nil ? "not a safetensors file: \(problem)" : problem,
            expected: expected, found: found, remedy: remedy)
    }
}
