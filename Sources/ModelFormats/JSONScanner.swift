/// Reads JSON (RFC 8259) out of bytes that nobody vouches for, one value at a time.
///
/// Model files come from strangers, and their readers need what general parsers leave open: a key that appears twice is
/// an error (in RFC 8259 §4 its meaning is unpredictable), nesting is bounded by `nestingLimit` (a recursive parser
/// would overrun its stack), strings are valid Unicode, and values that are not asked for are never built in memory.
struct JSONScanner: ~Copyable {
    /// The deepest nesting of arrays and objects. A model's own files need four levels.
    static let nestingLimit = 64

    /// For errors.
    let file: String

    private let bytes: [UInt8]
    private var position = 0
    private var depth = 0
    /// Where in the file the text begins.
    private let origin: Int

    init(_ bytes: [UInt8], file: String, origin: Int = 0) {
        self.bytes = bytes
        self.file = file
        self.origin = origin
        // RFC 8259 §8.1: a reader may ignore a byte order mark.
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
    }

    enum Kind { case object, array, string, number, boolean, null }

    /// An error about the text at `offset`, by default the present one.
    func failure(_ problem: String, at offset: Int? = nil) -> ModelError {
        ModelError(.malformedFile, file: file, "not valid JSON at byte \(origin + (offset ?? position)): \(problem)")
    }

    /// The kind of the next value, by its first byte.
    mutating func kind() throws(ModelError) -> Kind {
        skipSpace()
        guard let byte else { throw failure("the text ends where a value should be") }
        switch byte {
        case UInt8(ascii: "{"): return .object
        case UInt8(ascii: "["): return .array
        case UInt8(ascii: "\""): return .string
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number
        case UInt8(ascii: "t"), UInt8(ascii: "f"): return .boolean
        case UInt8(ascii: "n"): return .null
        default: throw failure("this is not the start of a value")
        }
    }

    /// Reads an object; `member` is called with each key and must read its value.
    mutating func object(
        _ member: (_ key: String, inout JSONScanner) throws(ModelError) -> Void
    ) throws(ModelError) {
        try enter("{")
        var keys: Set<ExactString> = []
        if !skip("}") {
            repeat {
                skipSpace()
                let start = position
                let key = try string()
                guard keys.insert(ExactString(key)).inserted else {
                    throw failure("the key \(ModelError.quoted(key)) appears twice", at: start)
                }
                try expect(":")
                try member(key, &self)
            } while skip(",")
            try expect("}")
        }
        depth -= 1
    }

    /// Reads an array; `element` is called before each element and must read it.
    mutating func array(_ element: (inout JSONScanner) throws(ModelError) -> Void) throws(ModelError) {
        try enter("[")
        if !skip("]") {
            repeat { try element(&self) } while skip(",")
            try expect("]")
        }
        depth -= 1
    }

    /// Reads `true` or `false`.
    mutating func boolean() throws(ModelError) -> Bool {
        skipSpace()
        if skip(word: "true") { return true }
        if skip(word: "false") { return false }
        throw failure("expected true or false")
    }

    mutating func null() throws(ModelError) {
        skipSpace()
        guard skip(word: "null") else { throw failure("expected null") }
    }

    /// Reads a number, and says whether it was written as an integer that fits.
    mutating func number() throws(ModelError) -> (integer: Int?, double: Double) {
        skipSpace()
        let start = position
        var isInteger = true
        _ = skip(byte: "-")
        if !skip(byte: "0") { try digits() }  // RFC 8259 §6: leading zeros are not allowed.
        if skip(byte: ".") {
            isInteger = false
            try digits()
        }
        if skip(byte: "e") || skip(byte: "E") {
            isInteger = false
            _ = skip(byte: "+") || skip(byte: "-")
            try digits()
        }
        guard position - start <= 400 else { throw failure("a number of too many digits", at: start) }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        guard let double = Double(text), double.isFinite else {
            throw failure("the number \(ModelError.quoted(text)) is too large", at: start)
        }
        return (isInteger ? Int(text) : nil, double)
    }

    /// Reads an integer that fits `Int`.
    mutating func integer() throws(ModelError) -> Int {
        skipSpace()
        let start = position
        guard let integer = try number().integer else {
            throw failure("expected a whole number of at most 64 bits", at: start)
        }
        return integer
    }

    /// Passes over a value without making anything of it: only where it ends is looked for.
    mutating func skipValue() throws(ModelError) {
        switch try kind() {
        case .object, .array: try skipNested()
        case .string: _ = try string()
        case .number: _ = try number()
        case .boolean: _ = try boolean()
        case .null: try null()
        }
    }

    private mutating func skipNested() throws(ModelError) {
        var open = 0
        while let byte {
            position += 1
            switch byte {
            case UInt8(ascii: "{"), UInt8(ascii: "["): open += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                open -= 1
                if open == 0 { return }
            case UInt8(ascii: "\""): try skipRestOfString()
            default: break
            }
        }
        throw failure("the text ends inside a list or an object")
    }

    private mutating func skipRestOfString() throws(ModelError) {
        while let byte {
            position += byte == UInt8(ascii: "\\") ? 2 : 1
            if byte == UInt8(ascii: "\"") { return }
        }
        throw failure("the text ends inside a string")
    }

    /// Checks that only white space is left.
    mutating func end() throws(ModelError) {
        skipSpace()
        guard position == bytes.count else { throw failure("something follows the end of the value") }
    }
}

extension JSONScanner {
    /// Reads a string.
    mutating func string() throws(ModelError) -> String {
        skipSpace()
        guard skip(byte: "\"") else { throw failure("expected a string") }
        let start = position
        // Most strings have no escapes: they are taken whole.
        while let byte, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\"), byte >= 0x20 { position += 1 }
        if byte == UInt8(ascii: "\"") {
            let text = try text(bytes[start..<position], from: start)
            position += 1
            return text
        }
        var unescaped = Array(bytes[start..<position])
        while let byte, byte >= 0x20 {
            position += 1
            switch byte {
            case UInt8(ascii: "\""): return try text(unescaped[...], from: start)
            case UInt8(ascii: "\\"): unescaped.append(contentsOf: String(try escape()).utf8)
            default: unescaped.append(byte)
            }
        }
        throw failure(byte == nil ? "the text ends inside a string" : "a control character inside a string")
    }

    private func text(_ slice: ArraySlice<UInt8>, from offset: Int) throws(ModelError) -> String {
        guard let text = String(validating: slice, as: UTF8.self) else {
            throw failure("a string that is not UTF-8", at: offset)
        }
        return text
    }

    /// Reads what follows a backslash.
    private mutating func escape() throws(ModelError) -> Unicode.Scalar {
        guard let byte else { throw failure("the text ends inside a string") }
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"): break
        default: throw failure("an unknown escape in a string")
        }
        let first = try hexadecimal()
        if let scalar = Unicode.Scalar(first) { return scalar }
        // RFC 8259 §7: what is outside the basic plane is written as a pair of surrogates.
        guard first < 0xDC00, skip(byte: "\\"), skip(byte: "u") else { throw failure("half a surrogate pair") }
        let second = try hexadecimal()
        guard (0xDC00...0xDFFF).contains(second),
            let scalar = Unicode.Scalar(0x10000 + (UInt32(first) - 0xD800) << 10 + UInt32(second) - 0xDC00)
        else { throw failure("half a surrogate pair") }
        return scalar
    }

    private mutating func hexadecimal() throws(ModelError) -> UInt16 {
        var value: UInt16 = 0
        for _ in 0..<4 {
            guard let byte, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
                throw failure("expected four hexadecimal digits")
            }
            value = value << 4 | UInt16(digit)
            position += 1
        }
        return value
    }

    private var byte: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func skipSpace() {
        while let byte, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
    }

    private mutating func skip(byte character: Unicode.Scalar) -> Bool {
        guard byte == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    private mutating func skip(_ character: Unicode.Scalar) -> Bool {
        skipSpace()
        return skip(byte: character)
    }

    private mutating func skip(word: StaticString) -> Bool {
        let isThere = word.withUTF8Buffer { bytes[position...].starts(with: $0) }
        if isThere { position += word.utf8CodeUnitCount }
        return isThere
    }

    private mutating func expect(_ character: Unicode.Scalar) throws(ModelError) {
        guard skip(character) else { throw failure("expected \(character)") }
    }

    private mutating func digits() throws(ModelError) {
        let start = position
        while let byte, byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") { position += 1 }
        if position == start { throw failure("expected a digit") }
    }

    private mutating func enter(_ character: Unicode.Scalar) throws(ModelError) {
        try expect(character)
        guard depth < Self.nestingLimit else { throw failure("nested more than \(Self.nestingLimit) levels deep") }
        depth += 1
    }
}
