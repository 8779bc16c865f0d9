/// Protobuf by hand, for what no honest encoder writes.
package struct RawMessage {
    package private(set) var bytes: [UInt8] = []

    package init(_ write: (inout RawMessage) -> Void = { _ in }) { write(&self) }

    /// An envelope of this version, so that its body is looked at.
    package static func envelope(correlation: [UInt8] = [7], _ write: (inout RawMessage) -> Void) -> [UInt8] {
        RawMessage {
            $0.number(1, 1)
            $0.data(2, correlation)
            write(&$0)
        }.bytes
    }

    package mutating func varint(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(rest & 0x7f) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    package mutating func raw(_ more: [UInt8]) { bytes += more }

    package mutating func number(_ field: UInt64, _ value: UInt64) {
        varint(field << 3)
        varint(value)
    }

    package mutating func data(_ field: UInt64, _ value: [UInt8]) {
        varint(field << 3 | 2)
        varint(UInt64(value.count))
        bytes += value
    }

    package mutating func message(_ field: UInt64, _ write: (inout RawMessage) -> Void) {
        data(field, RawMessage(write).bytes)
    }
}
