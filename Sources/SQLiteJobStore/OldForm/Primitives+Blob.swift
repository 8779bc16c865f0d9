extension UInt64: BlobReadable {
    package init(from reader: inout BlobReader) throws(ValueError) { self = try reader.integer() }
}

extension UInt32: BlobReadable {
    package init(from reader: inout BlobReader) throws(ValueError) {
        guard let value = UInt32(exactly: try reader.integer()) else { throw ValueError("an integer is too large") }
        self = value
    }
}

/// Zigzag: the sign is the lowest bit, so that small negative numbers are short too.
extension Int: BlobReadable {
    package init(from reader: inout BlobReader) throws(ValueError) {
        let bits = try reader.integer()
        self = Int(bitPattern: UInt(bits >> 1)) ^ -Int(bits & 1)
    }
}

extension Bool: BlobReadable {
    package init(from reader: inout BlobReader) throws(ValueError) {
        switch try reader.byte() {
        case 0: self = false
        case 1: self = true
        case let other: throw ValueError("a truth value is \(other)")
        }
    }
}

/// The bits, least significant byte first.
extension Float: BlobReadable {
    package init(from reader: inout BlobReader) throws(ValueError) {
        self.init(bitPattern: try reader.raw(4).reversed().reduce(0) { $0 << 8 | UInt32($1) })
    }
}

extension String: BlobReadable {
    package init(from reader: inout BlobReader) throws(ValueError) {
        let bytes = try reader.raw(try reader.count())
        guard let text = String(validating: bytes, as: UTF8.self) else { throw ValueError("a text is not UTF-8") }
        self = text
    }
}

extension Optional: BlobReadable where Wrapped: BlobReadable {
    package init(from reader: inout BlobReader) throws(ValueError) {
        self = try reader.read(Bool.self) ? try reader.read(Wrapped.self) : nil
    }
}

extension Array: BlobReadable where Element: BlobReadable {
    package init(from reader: inout BlobReader) throws(ValueError) {
        self.init()
        // Memory grows with what is really there, not with what the count says: an element takes a byte at least.
        for _ in 0..<(try reader.count()) { append(try reader.read(Element.self)) }
    }
}
