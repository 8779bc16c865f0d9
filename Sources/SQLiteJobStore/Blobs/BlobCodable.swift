/// What can be written into a blob and read back the same.
package protocol BlobCodable {
    func write(to writer: inout BlobWriter)
    init(from reader: inout BlobReader) throws(BlobError)
}

/// A value and the version of its form.
package enum Blob {
    /// Changes with the form of any value; a store then reads the old ones too.
    static let version: UInt8 = 1

    package static func bytes(_ value: some BlobCodable) -> [UInt8] {
        var writer = BlobWriter()
        writer.append(version)
        writer.write(value)
        return writer.bytes
    }

    package static func value<Value: BlobCodable>(
        _ type: Value.Type = Value.self, from bytes: [UInt8]
    ) throws(BlobError) -> Value {
        var reader = BlobReader(bytes)
        let version = try reader.byte()
        guard version == Self.version else { throw BlobError("its form is \(version), not \(Self.version)") }
        let value = try reader.read(type)
        guard reader.remaining == 0 else { throw BlobError("\(reader.remaining) bytes are left over") }
        return value
    }
}
