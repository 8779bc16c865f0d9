/// GPT-2's letters for bytes: printable ones stand for themselves, the others for characters from U+0100 on.
enum ByteAlphabet {
    private static let scalars: [Unicode.Scalar] = {
        var next: UInt32 = 0x100
        return (0..<256).map { byte in
            switch byte {
            case 0x21...0x7E, 0xA1...0xAC, 0xAE...0xFF: return Unicode.Scalar(UInt8(byte))
            default:
                defer { next += 1 }
                return Unicode.Scalar(next) ?? " "
            }
        }
    }()

    private static let letters: [[UInt8]] = scalars.map { scalar in
        var letter: [UInt8] = []
        letter.append(scalar)
        return letter
    }

    private static let bytes = Dictionary(uniqueKeysWithValues: zip(scalars, UInt8.min...UInt8.max))

    static func encode(_ text: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(text.count * 2)
        for byte in text { result.append(contentsOf: letters[Int(byte)]) }
        return result
    }

    /// The bytes that a token's letters stand for; its own when it has others.
    static func decode(_ token: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        var isKnown = true
        token.forEachScalar { scalar, _ in
            if let byte = bytes[scalar] { result.append(byte) } else { isKnown = false }
        }
        return isKnown ? result : token
    }
}
