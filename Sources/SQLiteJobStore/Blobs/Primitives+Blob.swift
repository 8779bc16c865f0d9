extension UInt64: BlobCodable {
    package func write(to writer: inout BlobWriter) { writer.append(integer: self) }
    package init(from reader: inout BlobReader) throws(BlobError) { self = try reader.integer() }
}

extension UInt32: BlobCodable {
    package func write(to writer: inout BlobWriter) { writer.append(integer: UInt64(self)) }
    package init(from reader: inout BlobReader) throws(BlobError) {
        guard let value = UInt32(exactly: try reader.integer()) else { throw BlobError("an integer is too large") }
        self = value
    }
}

/// Zigzag: the sign is the lowest bit, so that small negative numbers are short too.
extension Int: BlobCodable {
    package func write(to writer: inout BlobWriter) {
        writer.append(integer: UInt64(bitPattern: Int64((self << 1) ^ (self >> 63))))
    }
    package init(from reader: inout BlobReader) throws(BlobError) {
        let bits = try reader.integer()
        self = Int(bitPattern: UInt(bits >> 1)) ^ -Int(bits & 1)
    }
}

extension Bool: BlobCodable {
    package func write(to writer: inout BlobWriter) { writer.append(self ? 1 : 0) }
    package init(from reader: inout BlobReader) throws(BlobError) {
        switch try reader.byte() {
        case 0: self = false
        case 1: self = true
        case let other: throw BlobError("a truth value is \(other)")
        }
    }
}

/// The bits, least significant byte first.
extension Float: BlobCodable {
    package func write(to writer: inout BlobWriter) {
        withUnsafeBytes(of: bitPattern.littleEndian) { writer.append(raw: $0) }
    }
    package init(from reader: inout BlobReader) throws(BlobError) {
        self.init(bitPattern: try reader.raw(4).reversed().reduce(0) { $0 << 8 | UInt32($1) })
    }
}

extension String: BlobCodable {
    package func write(to writer: inout BlobWriter) {
        writer.append(integer: UInt64(utf8.count))
        writer.append(raw: utf8)
    }
    package init(from reader: inout BlobReader) throws(BlobError) {
        let bytes = try reader.raw(try reader.count())
        guard let text = String(validating: bytes, as: UTF8.self) else { throw BlobError("a text is not UTF-8") }
        self = text
    }
}

extension Optional: BlobCodable where Wrapped: BlobCodable {
    package func write(to writer: inout BlobWriter) {
        writer.write(self != nil)
        if let self { writer.write(self) }
    }
    package init(from reader: inout BlobReader) throws(BlobError) {
        self = try reader.read(Bool.self) ? try reader.read(Wrapped.self) : nil
    }
}

extension Array: BlobCodable where Element: BlobCodable {
    package func write(to writer: inout BlobWriter) {
        writer.append(integer: UInt64(count))
        for element in self { writer.write(element) }
    }
    package init(from reader: inout BlobReader) throws(BlobError) {
        self.init()
        // Memory grows with what is really there, not with what the count says: an element takes a byte at least.
        for _ in 0..<(try reader.count()) { append(try reader.read(Element.self)) }
    }
}
