/// Where a line stops being JSON (RFC 8259), and why: what Foundation's decoder refuses, it does not explain.
struct JSONFault: Error, Equatable {
    /// In bytes, from 0.
    let offset: Int
    let reason: String

    /// - Returns: nil when the text is JSON.
    static func find(in text: String) -> JSONFault? {
        var scanner = Scanner(bytes: Array(text.utf8))
        do throws(JSONFault) {
            try scanner.document()
            return nil
        } catch {
            return error
        }
    }

    private struct Scanner {
        /// As deep as Foundation's decoder goes.
        static let depthMax = 512

        let bytes: [UInt8]
        var offset = 0

        var next: UInt8? { offset < bytes.count ? bytes[offset] : nil }

        mutating func document() throws(JSONFault) {
            try value(depth: 0)
            if next != nil { throw fault("there is more after the value's end") }
        }

        private mutating func value(depth: Int) throws(JSONFault) {
            skipBlanks()
            guard depth < Self.depthMax else { throw fault("values are nested more than \(Self.depthMax) deep") }
            switch next {
            case UInt8(ascii: "{"):
                try list(end: "}") { (scanner) throws(JSONFault) in
                    guard scanner.next == UInt8(ascii: "\"") else { throw scanner.fault("a key in quotes is expected") }
                    try scanner.string()
                    scanner.skipBlanks()
                    guard scanner.take(":") else { throw scanner.fault("\":\" is expected after a key") }
                    try scanner.value(depth: depth + 1)
                }
            case UInt8(ascii: "["):
                try list(end: "]") { (scanner) throws(JSONFault) in try scanner.value(depth: depth + 1) }
            case UInt8(ascii: "\""): try string()
            case let byte? where "-0123456789".utf8.contains(byte): try number()
            default: try word()
            }
            skipBlanks()
        }

        /// The members of an object or an array, with what is around and between them.
        private mutating func list(
            end: Character, _ member: (inout Scanner) throws(JSONFault) -> Void
        ) throws(JSONFault) {
            offset += 1
            skipBlanks()
            if take(end) { return }
            while true {
                skipBlanks()
                try member(&self)
                if take(end) { return }
                guard take(",") else { throw fault("\",\" or \"\(end)\" is expected") }
            }
        }

        private mutating func string() throws(JSONFault) {
            let start = offset
            offset += 1
            while let byte = next {
                switch byte {
                case UInt8(ascii: "\""):
                    offset += 1
                    return
                case UInt8(ascii: "\\"): try escape()
                case ..<0x20: throw fault("a control character must be written as \\n, \\t or \\u00XX in a string")
                default: offset += 1
                }
            }
            throw fault("the string that begins at byte \(start) has no end")
        }

        private mutating func escape() throws(JSONFault) {
            let rest = bytes[(offset + 1)...]
            guard let kind = rest.first, "\"\\/bfnrtu".utf8.contains(kind) else {
                throw fault("a backslash is followed by what it cannot be")
            }
            guard kind == UInt8(ascii: "u") else { return offset += 2 }
            guard let unit = Self.unit(rest.dropFirst()) else {
                throw fault("\\u is followed by four hexadecimal digits")
            }
            guard (0xD800...0xDFFF).contains(unit) else { return offset += 6 }
            let second = rest.dropFirst(5)
            let low = second.starts(with: "\\u".utf8) ? Self.unit(second.dropFirst(2)) : nil
            guard unit < 0xDC00, let low, (0xDC00...0xDFFF).contains(low) else {
                throw fault("half of a surrogate pair stands by itself")
            }
            offset += 12
        }

        private static func unit(_ digits: ArraySlice<UInt8>) -> Int? {
            let digits = digits.prefix(4)
            let isHexadecimal = digits.allSatisfy { Character(UnicodeScalar($0)).isHexDigit }
            return digits.count == 4 && isHexadecimal ? Int(String(decoding: digits, as: UTF8.self), radix: 16) : nil
        }

        private mutating func number() throws(JSONFault) {
            let start = offset
            let isOfNumber: (UInt8) -> Bool = { "+-.eE0123456789".utf8.contains($0) }
            let text = bytes[offset...].prefix(while: isOfNumber)
            offset += text.count
            let number = String(decoding: text, as: UTF8.self)
            guard number.wholeMatch(of: /-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?/) != nil else {
                offset = start
                throw fault("\(number) is not a number")
            }
        }

        private mutating func word() throws(JSONFault) {
            for word in ["true", "false", "null"] where bytes[offset...].starts(with: word.utf8) {
                offset += word.utf8.count
                return
            }
            throw fault(next == nil ? "the line ends where a value is expected" : "a value is expected")
        }

        private mutating func take(_ character: Character) -> Bool {
            guard next == character.asciiValue else { return false }
            offset += 1
            return true
        }

        private mutating func skipBlanks() {
            while let next, [0x20, 0x09, 0x0A, 0x0D].contains(next) { offset += 1 }
        }

        private func fault(_ reason: String) -> JSONFault { JSONFault(offset: offset, reason: reason) }
    }
}
