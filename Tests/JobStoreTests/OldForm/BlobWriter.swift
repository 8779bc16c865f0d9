/// Values as bytes, for columns that SQL never looks into: integers in base 128, least significant first (LEB128), all
/// else with its length before it. A value of a type has one form, and nothing names the fields: the version in front of
/// the blob says what follows.
struct BlobWriter {
    private(set) var bytes: [UInt8] = []

    init() {}

    mutating func write(_ value: some BlobWritable) { value.write(to: &self) }

    mutating func append(_ byte: UInt8) { bytes.append(byte) }

    mutating func append(integer: UInt64) {
        var rest = integer
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    mutating func append(raw: some Collection<UInt8>) { bytes.append(contentsOf: raw) }
}
