import CWire

/// What an envelope says beside its body, read without understanding the body: a frame of another version, or one whose
/// body is damaged, still gets an answer.
struct Preamble {
    /// Nil when the frame does not say.
    private(set) var version: UInt32?
    /// Where in the frame it stands.
    private(set) var correlation: Range<Int>?
    private(set) var bodies = 0
    /// The number of a field that this build does not know.
    private(set) var unknownBody: UInt64?
    /// Whether the frame could be read to its end.
    private(set) var isWhole = false

    init(_ frame: UnsafeRawBufferPointer) {
        var rest = frame[...]
        while !rest.isEmpty {
            guard let key = Self.varint(&rest) else { return }
            let field = key >> 3
            switch key & 7 {
            case 0:
                guard let value = Self.varint(&rest) else { return }
                if field == 1 { version = UInt32(truncatingIfNeeded: value) }
            case 1:
                guard rest.count >= 8 else { return }
                rest.removeFirst(8)
            case 2:
                guard let length = Self.varint(&rest), length <= rest.count else { return }
                if field == 2 { correlation = rest.startIndex..<rest.startIndex + Int(length) }
                rest.removeFirst(Int(length))
                if field > 2 {
                    if Self.isKnown(field) { bodies += 1 } else { unknownBody = field }
                }
            case 5:
                guard rest.count >= 4 else { return }
                rest.removeFirst(4)
            default:
                // Groups, which proto3 does not have.
                return
            }
        }
        isWhole = true
    }

    private static func isKnown(_ field: UInt64) -> Bool {
        guard let number = UInt32(exactly: field) else { return false }
        return withUnsafePointer(to: wire__envelope__descriptor) {
            protobuf_c_message_descriptor_get_field($0, number) != nil
        }
    }

    private static func varint(_ rest: inout Slice<UnsafeRawBufferPointer>) -> UInt64? {
        var value: UInt64 = 0
        for (index, byte) in rest.prefix(10).enumerated() {
            value |= UInt64(byte & 0x7f) << (7 * index)
            if byte < 0x80 {
                rest.removeFirst(index + 1)
                return value
            }
        }
        return nil
    }
}
