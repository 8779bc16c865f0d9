/// RFC 3986, 2.1, and the form encoding of the URL standard.
enum PercentEncoding {
    /// - Parameter plusIsBlank: As in forms and queries.
    /// - Returns: nil when the bytes are not UTF-8. A "%" without two digits stands for itself.
    static func decoded(_ text: some StringProtocol, plusIsBlank: Bool) -> String? {
        decoded(text.utf8, plusIsBlank: plusIsBlank)
    }

    static func decoded(_ encoded: some Sequence<UInt8>, plusIsBlank: Bool) -> String? {
        let encoded = Array(encoded)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(encoded.count)
        var index = 0
        while index < encoded.count {
            let byte = encoded[index]
            if byte == UInt8(ascii: "%"), index + 2 < encoded.count, let high = digit(encoded[index + 1]),
                let low = digit(encoded[index + 2])
            {
                bytes.append(high << 4 | low)
                index += 3
            } else {
                bytes.append(plusIsBlank && byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
                index += 1
            }
        }
        return String(validating: bytes, as: UTF8.self)
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
