/// UTF-8 that is checked, never repaired: a replacement character would be translated as if someone had meant it.
enum StrictUTF8 {
    /// - Throws: `RequestError` that names the first bad byte's offset, and its line when `bytes` has several.
    static func string(_ bytes: [UInt8]) throws(RequestError) -> String {
        if let string = String(validating: bytes, as: UTF8.self) { return string }
        let offset = firstInvalidOffset(bytes)
        let before = bytes[..<offset]
        let newline = UInt8(ascii: "\n")
        let lineStart = before.lastIndex(of: newline).map { $0 + 1 } ?? 0
        var error = RequestError(
            .invalidUTF8, "invalid UTF-8 at byte offset \(offset - lineStart) (0x\(hexadecimal(bytes[offset])))")
        error.linesBefore = before.count { $0 == newline }
        throw error
    }

    private static func firstInvalidOffset(_ bytes: [UInt8]) -> Int {
        var parser = Unicode.UTF8.ForwardParser()
        var iterator = bytes.makeIterator()
        var offset = 0
        while case .valid(let scalar) = parser.parseScalar(from: &iterator) { offset += scalar.count }
        precondition(offset < bytes.count, "the two UTF-8 decoders disagree")
        return offset
    }

    private static func hexadecimal(_ byte: UInt8) -> String {
        (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
    }
}
