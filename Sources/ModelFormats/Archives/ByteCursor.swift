/// A place in a file's bytes that moves forward as they are read, and never past their end.
struct ByteCursor {
    let bytes: UnsafeRawBufferPointer
    /// For errors.
    let file: String
    var position: Int

    init(_ bytes: UnsafeRawBufferPointer, file: String, at position: Int = 0) {
        self.bytes = bytes
        self.file = file
        self.position = position
    }

    /// An error about the byte at `offset`, by default the present one.
    func failure(_ problem: String, at offset: Int? = nil, remedy: String? = nil) -> ModelError {
        ModelError(.malformedFile, file: file, "at byte \(offset ?? position): \(problem)", remedy: remedy)
    }

    mutating func byte() throws(ModelError) -> UInt8 { try integer(UInt8.self) }

    /// Reads a little-endian number.
    mutating func integer<Number: FixedWidthInteger & BitwiseCopyable>(_: Number.Type) throws(ModelError) -> Number {
        let range = try range(of: MemoryLayout<Number>.size)
        return Number(littleEndian: bytes.loadUnaligned(fromByteOffset: range.lowerBound, as: Number.self))
    }

    /// Passes over `count` bytes, and returns where they lie.
    mutating func range(of count: Int) throws(ModelError) -> Range<Int> {
        guard count >= 0, count <= bytes.count - position else {
            throw failure(
                "the file ends \(count - (bytes.count - position)) bytes too early",
                remedy: "the download may be incomplete")
        }
        defer { position += count }
        return position..<position + count
    }

    /// Reads `count` bytes of UTF-8.
    mutating func text(of count: Int) throws(ModelError) -> String {
        let start = position
        let range = try range(of: count)
        guard let text = String(validating: bytes[range], as: UTF8.self) else {
            throw failure("a text is not valid UTF-8", at: start)
        }
        return text
    }

    /// Reads up to a line's end, which is passed over, and is not part of the line.
    mutating func line(of countMax: Int) throws(ModelError) -> String {
        let start = position
        let rest = bytes[position...].prefix(countMax + 1)
        guard let end = rest.firstIndex(of: 0x0A) else { throw failure("a line has no end", at: start) }
        let line = try text(of: end - start)
        position = end + 1
        return line
    }
}
