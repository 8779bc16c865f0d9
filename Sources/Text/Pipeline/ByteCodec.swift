/// Bytes of UTF-8 as tokens: ByT5.
struct ByteCodec: TokenCodec {
    let offset: Int

    func encode(_ text: Substring, _ body: (_ id: Int, _ piece: () -> String) -> Void) {
        for byte in text.utf8 {
            body(Int(byte) + offset) { String(Unicode.Scalar(byte)) }
        }
    }

    /// Bytes that are no character are left out (`errors="ignore"`).
    func decode(_ ids: [Int]) -> String {
        let bytes = ids.compactMap { id in UInt8(exactly: id - offset) }
        var kept: [UInt8] = []
        var index = 0
        while index < bytes.count {
            let (scalar, length) = bytes.scalar(at: index)
            if length > 1 || bytes[index] < 0x80 { kept.append(scalar) }
            index += length
        }
        return String(decoding: kept, as: UTF8.self)
    }
}
