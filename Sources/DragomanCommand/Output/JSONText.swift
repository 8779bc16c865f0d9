/// JSON, written key by key in the order of the calls.
///
/// `JSONEncoder` either sorts keys or leaves their order open; here a result's index comes first, as documented.
package struct JSONText: Sendable {
    package private(set) var bytes: [UInt8] = []
    /// Whether the innermost array or object has an element, so that the next one follows a comma.
    private var needsComma = false

    package init() {}

    /// `{...}`, whose members `body` writes.
    package mutating func object(_ body: (inout JSONText) throws -> Void) rethrows {
        try enclosed(by: "{", "}", body)
    }

    /// `[...]`, with each value as `body` writes it.
    package mutating func array<Values: Sequence>(
        _ values: Values, _ body: (inout JSONText, Values.Element) throws -> Void
    ) rethrows {
        try enclosed(by: "[", "]") { json in
            for value in values { try body(&json, value) }
        }
    }

    package mutating func key(_ name: String) {
        string(name)
        bytes.append(UInt8(ascii: ":"))
        needsComma = false
    }

    package mutating func string(_ value: String) {
        separate()
        bytes.append(UInt8(ascii: "\""))
        for byte in value.utf8 {
            switch byte {
            case UInt8(ascii: "\""): bytes.append(contentsOf: #"\""#.utf8)
            case UInt8(ascii: "\\"): bytes.append(contentsOf: #"\\"#.utf8)
            case UInt8(ascii: "\n"): bytes.append(contentsOf: #"\n"#.utf8)
            case UInt8(ascii: "\r"): bytes.append(contentsOf: #"\r"#.utf8)
            case UInt8(ascii: "\t"): bytes.append(contentsOf: #"\t"#.utf8)
            case ..<0x20:
                bytes.append(contentsOf: (byte < 16 ? #"\u000"# : #"\u00"#).utf8)
                bytes.append(contentsOf: String(byte, radix: 16).utf8)
            default: bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    package mutating func number(_ value: Int) { literal(String(value)) }

    package mutating func number(_ value: UInt64) { literal(String(value)) }

    package mutating func number(_ value: Double) { literal(value.isFinite ? value.description : "null") }

    /// The shortest digits that give the same `Float` back; `null` for what JSON has no numbers for.
    package mutating func number(_ value: Float) { literal(value.isFinite ? value.description : "null") }

    package mutating func boolean(_ value: Bool) { literal(value ? "true" : "false") }

    package mutating func null() { literal("null") }

    private mutating func literal(_ text: String) {
        separate()
        bytes.append(contentsOf: text.utf8)
    }

    private mutating func enclosed(
        by open: Unicode.Scalar, _ close: Unicode.Scalar, _ body: (inout JSONText) throws -> Void
    ) rethrows {
        separate()
        bytes.append(UInt8(ascii: open))
        needsComma = false
        try body(&self)
        bytes.append(UInt8(ascii: close))
        needsComma = true
    }

    private mutating func separate() {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
        needsComma = true
    }
}
