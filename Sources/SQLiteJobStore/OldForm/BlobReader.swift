/// Reads the old form. The disk is not trusted: whatever the bytes are, it throws or gives a value, and takes
/// no more memory than they justify.
package struct BlobReader {
    private let bytes: [UInt8]
    private var position = 0

    package init(_ bytes: [UInt8]) { self.bytes = bytes }

    package var remaining: Int { bytes.count - position }

    package mutating func read<Value: BlobReadable>(
        _ type: Value.Type = Value.self
    ) throws(ValueError) -> Value { try Value(from: &self) }

    mutating func byte() throws(ValueError) -> UInt8 {
        guard position < bytes.count else { throw ValueError("it ends too early") }
        defer { position += 1 }
        return bytes[position]
    }

    mutating func integer() throws(ValueError) -> UInt64 {
        var value: UInt64 = 0
        for shift in stride(from: 0, to: 70, by: 7) {
            let byte = try byte()
            guard shift < 63 || byte <= 1 else { break }
            value |= UInt64(byte & 0x7F) << UInt64(shift)
            if byte < 0x80 { return value }
        }
        throw ValueError("an integer has more than 64 bits")
    }

    /// A number of things of which each takes at least `size` bytes.
    mutating func count(size: Int = 1) throws(ValueError) -> Int {
        let count = try integer()
        guard count <= UInt64(remaining / size) else { throw ValueError("it ends too early") }
        return Int(count)
    }

    mutating func raw(_ count: Int) throws(ValueError) -> ArraySlice<UInt8> {
        guard count <= remaining else { throw ValueError("it ends too early") }
        defer { position += count }
        return bytes[position..<position + count]
    }
}
