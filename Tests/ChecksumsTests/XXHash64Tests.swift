import Checksums
import TestKit
import Testing

@Suite struct XXHash64Tests {
    /// From xxHash's own command `xxh64sum`, and `python-xxhash` 3.5.
    @Test(
        arguments: [
            ("", 0xEF46_DB37_51D8_E999), ("a", 0xD24E_C4F1_A98C_6E5B), ("abc", 0x44BC_2CF5_AD77_0999),
            ("Nobody inspects the spammish repetition", 0xFBCE_A83C_8A37_8BF1),
        ] as [(String, UInt64)])
    func `the checksum is xxHash's`(text: String, expected: UInt64) {
        var checksum = XXHash64()
        checksum.add(text)
        #expect(checksum.value == expected)
    }

    @Test func `the parts that bytes come in make no difference`() {
        var random = SeededRandom(seed: 3)
        let bytes = (0..<1000).map { _ in UInt8.random(in: 0...255, using: &random) }
        let whole = Self.checksum([bytes[...]])
        for _ in 0..<100 {
            var parts: [ArraySlice<UInt8>] = []
            var rest = bytes[...]
            while !rest.isEmpty {
                let part = rest.prefix(Int.random(in: 0...100, using: &random))
                parts.append(part)
                rest = rest.dropFirst(part.count)
            }
            #expect(Self.checksum(parts) == whole)
        }
    }

    @Test func `a number counts as its eight bytes, wherever it comes`() {
        var random = SeededRandom(seed: 4)
        for _ in 0..<100 {
            var (checksum, bytes) = (XXHash64(), [UInt8]())
            for _ in 0..<20 {
                let part = (0..<Int.random(in: 0...40, using: &random)).map { _ in
                    UInt8.random(in: 0...255, using: &random)
                }
                part.withUnsafeBytes { checksum.add($0) }
                let number = UInt64.random(in: 0...(.max), using: &random)
                checksum.add(number)
                bytes += part + (0..<8).map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) }
            }
            #expect(checksum.value == Self.checksum([bytes[...]]))
        }
    }

    private static func checksum(_ parts: [ArraySlice<UInt8>]) -> UInt64 {
        var checksum = XXHash64()
        for part in parts { part.withUnsafeBytes { checksum.add($0) } }
        return checksum.value
    }
}
