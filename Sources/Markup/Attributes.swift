/// The attributes of a start tag.
package enum Attributes {
    /// Calls `body` with each attribute's name, in lower case, and value, as it is written.
    package static func forEach(_ bytes: [UInt8], _ range: Range<Int>, _ body: (String, String) -> Void) {
        var at = range.lowerBound
        while let attribute = next(bytes, range, &at) {
            body(bytes.text(attribute.name).lowercased(), attribute.value.map(bytes.text) ?? "")
        }
    }

    /// Refuses what XML does not allow: values that are missing or have no quotes, and names that are given twice.
    static func check(_ bytes: [UInt8], _ range: Range<Int>) throws(MarkupError) {
        var at = range.lowerBound
        var names: Set<String> = []
        while let attribute = next(bytes, range, &at) {
            let name = bytes.text(attribute.name)
            guard bytes[attribute.name.lowerBound].beginsName else {
                throw MarkupError("an attribute has no name", at: attribute.name.lowerBound, in: bytes)
            }
            guard attribute.isQuoted else {
                throw MarkupError(
                    "the attribute \"\(name)\" needs a value in quotes", at: attribute.name.lowerBound, in: bytes)
            }
            if let value = attribute.value, bytes[value].contains(UInt8(ascii: "<")) {
                throw MarkupError(
                    "the attribute \"\(name)\" has a \"<\"; write \"&lt;\"", at: value.lowerBound, in: bytes)
            }
            guard names.insert(name).inserted else {
                throw MarkupError(
                    "the attribute \"\(name)\" is given twice", at: attribute.name.lowerBound, in: bytes)
            }
        }
    }

    private static func next(
        _ bytes: [UInt8], _ range: Range<Int>, _ at: inout Int
    ) -> (name: Range<Int>, value: Range<Int>?, isQuoted: Bool)? {
        func skip(while isSkipped: (UInt8) -> Bool) {
            while at < range.upperBound, isSkipped(bytes[at]) { at += 1 }
        }
        skip { $0.isSpace || $0 == UInt8(ascii: "/") }
        guard at < range.upperBound else { return nil }
        let begin = at
        // The first character is part of the name, even if it is "=".
        at += 1
        skip { !$0.isSpace && $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "=") }
        let name = begin..<at
        skip(while: \.isSpace)
        guard at < range.upperBound, bytes[at] == UInt8(ascii: "=") else { return (name, nil, false) }
        at += 1
        skip(while: \.isSpace)
        guard at < range.upperBound else { return (name, nil, false) }
        let quote = bytes[at]
        guard quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") else {
            let value = at
            skip { !$0.isSpace }
            return (name, value..<at, false)
        }
        at += 1
        let value = at
        skip { $0 != quote }
        defer { at = min(at + 1, range.upperBound) }
        return (name, value..<at, true)
    }
}
