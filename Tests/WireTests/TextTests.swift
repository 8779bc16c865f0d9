import CWire
import TestKit
import Testing

@Suite("Texts are UTF-8")
struct TextTests {
    @Test("what is UTF-8 is what Swift's standard library says")
    func agreesWithStandardLibrary() {
        var random = SeededRandom(seed: 8)
        let bytes: [UInt8] = [
            0x01, 0x41, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc1, 0xc2, 0xdf, 0xe0, 0xe1, 0xec, 0xed, 0xee,
            0xef, 0xf0, 0xf1, 0xf3, 0xf4, 0xf5, 0xff,
        ]
        func check(_ text: [UInt8]) {
            #expect(wire_is_text(text, text.count) == (String(validating: text, as: UTF8.self) != nil), "\(text)")
        }
        for scalar in (1...0x10FFFF).lazy.compactMap(Unicode.Scalar.init) where random.oneIn(200) {
            check([UInt8](("12345678" + String(Character(scalar)) + "x").utf8))
        }
        for first in bytes { for second in bytes { check([first, second]) } }
        for _ in 0..<20_000 { check((0..<random.integer(0...12)).map { _ in random.choice(bytes) }) }
    }
}
