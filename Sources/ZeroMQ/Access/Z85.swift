internal import CZeroMQ

/// Bytes as printable text, RFC 32 of ZeroMQ: five characters for four bytes.
enum Z85 {
    static func encode(_ bytes: [UInt8]) -> String {
        precondition(bytes.count % 4 == 0)
        var text = [CChar](repeating: 0, count: bytes.count / 4 * 5 + 1)
        zmq_z85_encode(&text, bytes, bytes.count)
        return String(decoding: text.dropLast().map { UInt8(truncatingIfNeeded: $0) }, as: UTF8.self)
    }

    /// Nil for what is no Z85.
    static func decode(_ text: String) -> [UInt8]? {
        let isPrintable = text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
        guard text.utf8.count % 5 == 0, isPrintable else { return nil }
        var bytes = [UInt8](repeating: 0, count: text.utf8.count / 5 * 4)
        return zmq_z85_decode(&bytes, text) == nil ? nil : bytes
    }
}
