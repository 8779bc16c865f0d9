/// The form in which rows were written before the database had format 7: read, and never written. Integers are in base 128,
/// least significant first (LEB128), all else has its length before it; nothing names the fields.
package enum Blob {
    /// What such a value begins with, and no message of protobuf does.
    static let mark: UInt8 = 1

    static func isBlob(_ bytes: [UInt8]) -> Bool { bytes.first == mark }

    package static func value<Value: BlobReadable>(
        _ type: Value.Type = Value.self, from bytes: [UInt8]
    ) throws(ValueError) -> Value {
        var reader = BlobReader(bytes)
        let mark = try reader.byte()
        guard mark == Self.mark else { throw ValueError("its form is \(mark), not \(Self.mark)") }
        let value = try reader.read(type)
        guard reader.remaining == 0 else { throw ValueError("\(reader.remaining) bytes are left over") }
        return value
    }
}

package protocol BlobReadable {
    init(from reader: inout BlobReader) throws(ValueError)
}
