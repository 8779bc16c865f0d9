import JobModel

/// Writes protobuf's wire format, fields in the order of the calls. As proto3 has it, a scalar that is zero, and a text
/// or a list that is empty, is not written.
///
/// By hand, because it is less than what it would take to build protobuf-c's structs: https://protobuf.dev/programming-guides/encoding/
package struct MessageWriter {
    package internal(set) var bytes: [UInt8] = []

    package init() {}

    private enum WireType: UInt64 {
        case varint = 0
        case fixed64 = 1
        case lengthDelimited = 2
        case fixed32 = 5
    }

    private mutating func key(_ field: UInt64, _ type: WireType) { varint(field << 3 | type.rawValue) }

    private mutating func varint(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }

    private mutating func littleEndian(_ value: some FixedWidthInteger) {
        withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
    }

    package mutating func number(_ field: UInt64, _ value: some BinaryInteger) {
        if value != 0 { presentNumber(field, value) }
    }

    /// Written even when it is zero.
    ///
    /// What the protocol's number cannot hold becomes the nearest that it can.
    package mutating func presentNumber(_ field: UInt64, _ value: some BinaryInteger) {
        key(field, .varint)
        varint(UInt64(clamping: value))
    }

    mutating func flag(_ field: UInt64, _ value: Bool) { number(field, value ? 1 : 0) }

    /// Minus zero is not zero.
    mutating func float(_ field: UInt64, _ value: Float) {
        if value.bitPattern != 0 { presentFloat(field, value) }
    }

    mutating func presentFloat(_ field: UInt64, _ value: Float) {
        key(field, .fixed32)
        littleEndian(value.bitPattern)
    }

    mutating func double(_ field: UInt64, _ value: Double) {
        guard value.bitPattern != 0 else { return }
        key(field, .fixed64)
        littleEndian(value.bitPattern)
    }

    /// Written even when it is zero.
    package mutating func fixed(_ field: UInt64, _ value: UInt64) {
        key(field, .fixed64)
        littleEndian(value)
    }

    package mutating func data(_ field: UInt64, _ value: [UInt8]) {
        guard !value.isEmpty else { return }
        key(field, .lengthDelimited)
        varint(UInt64(value.count))
        bytes.append(contentsOf: value)
    }

    mutating func jobID(_ field: UInt64, _ id: JobID) {
        key(field, .lengthDelimited)
        varint(16)
        littleEndian(id.high.byteSwapped)
        littleEndian(id.low.byteSwapped)
    }

    mutating func jobIDs(_ field: UInt64, _ ids: [JobID]) {
        for id in ids { jobID(field, id) }
    }

    package mutating func text(_ field: UInt64, _ value: String) {
        if !value.isEmpty { presentText(field, value) }
    }

    package mutating func presentText(_ field: UInt64, _ value: String) {
        key(field, .lengthDelimited)
        varint(UInt64(value.utf8.count))
        bytes.append(contentsOf: value.utf8)
    }

    mutating func texts(_ field: UInt64, _ values: [String]) {
        for value in values { presentText(field, value) }
    }

    /// Written even when the message is empty.
    package mutating func message(_ field: UInt64, _ write: (inout MessageWriter) -> Void) {
        key(field, .lengthDelimited)
        let begin = bytes.count
        bytes.append(0)
        write(&self)
        // The length was not known before. Most messages are shorter than 128 bytes, and nothing has to move.
        var rest = bytes.count - begin - 1
        var index = begin
        while rest >= 0x80 {
            bytes[index] = UInt8(truncatingIfNeeded: rest) | 0x80
            rest >>= 7
            index += 1
            bytes.insert(0, at: index)
        }
        bytes[index] = UInt8(truncatingIfNeeded: rest)
    }

    /// A message that was encoded before, in two parts.
    mutating func message(_ field: UInt64, _ bytes: [UInt8], _ rest: [UInt8]) {
        key(field, .lengthDelimited)
        varint(UInt64(bytes.count + rest.count))
        self.bytes.append(contentsOf: bytes)
        self.bytes.append(contentsOf: rest)
    }

    mutating func message(_ field: UInt64, _ message: some WireMessage) {
        self.message(field) { message.write(to: &$0) }
    }

    mutating func messages(_ field: UInt64, _ messages: [some WireMessage]) {
        for message in messages { self.message(field, message) }
    }

    mutating func packed(_ field: UInt64, _ values: [Float]) {
        guard !values.isEmpty else { return }
        key(field, .lengthDelimited)
        varint(UInt64(values.count * 4))
        for value in values { littleEndian(value.bitPattern) }
    }

    mutating func packed(_ field: UInt64, _ values: some Collection<UInt32>) {
        guard !values.isEmpty else { return }
        message(field) { for value in values { $0.varint(UInt64(value)) } }
    }
}

/// What has a message of its own in the protocol.
protocol WireMessage {
    func write(to writer: inout MessageWriter)
}
