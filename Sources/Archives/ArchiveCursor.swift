/// A place in an archive's bytes that moves forward as they are read, and never past their end.
struct ArchiveCursor {
    let bytes: UnsafeRawBufferPointer
    var position: Int

    init(_ bytes: UnsafeRawBufferPointer, at position: Int) {
        self.bytes = bytes
        self.position = position
    }

    /// An error about the byte at `offset`, by default the present one.
    func failure(_ problem: String, at offset: Int? = nil, remedy: String? = nil) -> ArchiveError {
        ArchiveError(.malformed, "at byte \(offset ?? position): \(problem)", remedy: remedy)
    }

    /// Reads a little-endian number.
    mutating func integer<Number: FixedWidthInteger & BitwiseCopyable>(_: Number.Type) throws(ArchiveError) -> Number {
        let range = try range(of: MemoryLayout<Number>.size)
        return Number(littleEndian: bytes.loadUnaligned(fromByteOffset: range.lowerBound, as: Number.self))
    }

    /// Passes over `count` bytes, and returns where they lie.
    mutating func range(of count: Int) throws(ArchiveError) -> Range<Int> {
        guard count >= 0, count <= bytes.count - position else {
            throw failure(
                "the file ends \(count - (bytes.count - position)) bytes too early",
                remedy: "the download may be incomplete")
        }
        defer { position += count }
        return position..<position + count
    }

    /// Reads `count` bytes of UTF-8.
    mutating func text(of count: Int) throws(ArchiveError) -> String {
        let start = position
        let range = try range(of: count)
        guard let text = String(validating: bytes[range], as: UTF8.self) else {
            throw failure("a text is not valid UTF-8", at: start)
        }
        return text
    }

    func moved(to target: UInt64) throws(ArchiveError) -> ArchiveCursor {
        guard target <= UInt64(bytes.count) else {
            throw failure(
                "the zip archive points behind its end, to byte \(target)", remedy: "the download may be incomplete")
        }
        return ArchiveCursor(bytes, at: Int(target))
    }
}
