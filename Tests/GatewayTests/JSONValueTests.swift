import Gateway
import Testing

@Suite("JSON that strangers send")
struct JSONValueTests {
    private func parse(_ text: String) throws -> JSONValue { try JSONValue(Array(text.utf8)) }

    @Test("every kind of value is read")
    func values() throws {
        let value = try parse(#" {"a": [1, -2.5e1, "x", true, false, null], "b": {}} "#)
        #expect(
            value
                == .object([
                    "a": .array([.number(1), .number(-25), .string("x"), .bool(true), .bool(false), .null]),
                    "b": .object([:]),
                ]))
    }

    @Test("escapes are what they stand for, in both planes")
    func escapes() throws {
        #expect(try parse(#""\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00""#) == .string("\"\\/\u{8}\u{C}\n\r\té😀"))
    }

    @Test(
        "what is not JSON is refused with its place",
        arguments: [
            "", "{", "[1,]", "{\"a\" 1}", "{\"a\":1,}", "01", "1.", "+1", "nul", "\"a", "\"\u{1}\"", #""\x""#,
            #""\ud800""#,
            #""\ud800\u0041""#, "1 2", "1e999", "[1 2]", "{1:2}",
        ])
    func faults(text: String) {
        #expect(throws: JSONSyntaxError.self) { try parse(text) }
    }

    @Test("bytes that are not UTF-8 are refused, wherever they stand")
    func wrongUTF8() {
        #expect(throws: JSONSyntaxError.self) { try JSONValue([0x22, 0xFF, 0x22]) }
        // An overlong form, and half a surrogate pair.
        #expect(throws: JSONSyntaxError.self) { try JSONValue([0x22, 0xC0, 0xAF, 0x22]) }
        #expect(throws: JSONSyntaxError.self) { try JSONValue([0x22, 0xED, 0xA0, 0x80, 0x22]) }
    }

    @Test("deep nesting is refused before it uses up the stack")
    func depth() throws {
        let depth = 64
        #expect(throws: Never.self) {
            try parse(String(repeating: "[", count: depth) + String(repeating: "]", count: depth))
        }
        for opening in ["[", "{\"a\":"] {
            #expect(throws: JSONSyntaxError.self) { try parse(String(repeating: opening, count: 1_000_000)) }
        }
    }

    @Test("random bytes never crash")
    func noise() {
        var generator = SystemRandomNumberGenerator()
        let alphabet = Array(#"{}[]",:\u0123456789.eE+-truefalsn "#.utf8)
        for _ in 0..<20_000 {
            let bytes = (0..<Int.random(in: 0...24, using: &generator)).map { _ in
                alphabet[Int.random(in: 0..<alphabet.count, using: &generator)]
            }
            _ = try? JSONValue(bytes)
        }
    }
}
