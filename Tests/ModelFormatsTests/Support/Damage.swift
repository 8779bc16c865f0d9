import TestKit

/// Random damage to a file's bytes, the same from the same seed.
struct Damage {
    var generator: SeededRandom

    private static let insertions: [[UInt8]] = [
        "0", "9", "-1", "1e999", "18446744073709551616", "9223372036854775807", "null", "true", "\"", "{", "}", "[",
        "]",
        ",", ":", "\\", "\\u0000", "\\ud800", "\u{0}", "\u{1b}", "[[[[[[[[[[[[[[[[", ",\"a\":1", "\u{e9}", " ", "\n",
        ".5",
    ].map { Array($0.utf8) }

    /// Returns the bytes with one to four wounds, most of them before `end`.
    mutating func applied(to original: [UInt8], before end: Int) -> [UInt8] {
        var bytes = original
        for _ in 0..<Int.random(in: 1...4, using: &generator) { wound(&bytes, before: end) }
        return bytes
    }

    private mutating func wound(_ bytes: inout [UInt8], before end: Int) {
        let limit = Int.random(in: 0..<16, using: &generator) == 0 ? bytes.count : min(end, bytes.count)
        guard limit > 0 else { return }
        let index = Int.random(in: 0..<limit, using: &generator)
        switch Int.random(in: 0..<8, using: &generator) {
        case 0: bytes[index] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
        case 1: bytes[index] = UInt8.random(in: 0...255, using: &generator)
        case 2: bytes.removeSubrange(index...)
        case 3: bytes.removeSubrange(index..<min(index + Int.random(in: 1...20, using: &generator), bytes.count))
        case 4: bytes.insert(contentsOf: Self.insertions.randomElement(using: &generator) ?? [], at: index)
        case 5:
            let end = min(index + Int.random(in: 1...40, using: &generator), bytes.count)
            bytes.insert(contentsOf: Array(bytes[index..<end]), at: index)
        case 6:
            // A digit for a digit: still JSON, and another number.
            let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
            let places = bytes[..<limit].indices.filter { digits.contains(bytes[$0]) }
            if let place = places.randomElement(using: &generator) {
                bytes[place] = UInt8.random(in: digits, using: &generator)
            }
        default:
            for offset in index..<min(index + 8, bytes.count) {
                bytes[offset] = UInt8.random(in: 0...255, using: &generator)
            }
        }
    }
}
