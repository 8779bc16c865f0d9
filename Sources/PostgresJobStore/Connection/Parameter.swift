import JobModel

/// A value that a statement takes, in PostgreSQL's binary form.
enum Parameter {
    case integer(Int64?)
    case flag(Bool?)
    case bytes([UInt8]?)
    case text(String?)
    case integers([Int64?])
    case flags([Bool?])
    case byteStrings([[UInt8]?])
    case texts([String?])

    /// nil: NULL.
    var encoded: [UInt8]? {
        switch self {
        case .integer(let value): value.map { Self.bigEndian($0) }
        case .flag(let value): value.map { [$0 ? 1 : 0] }
        case .bytes(let value): value
        case .text(let value): value.map { Array($0.utf8) }
        case .integers(let values): Self.array(of: .integer, values) { Self.bigEndian($0) }
        case .flags(let values): Self.array(of: .flag, values) { [$0 ? 1 : 0] }
        case .byteStrings(let values): Self.array(of: .bytes, values, \.self)
        case .texts(let values): Self.array(of: .text, values) { Array($0.utf8) }
        }
    }

    /// The object identifiers of `pg_type.dat`.
    private enum ElementType: Int32 {
        case flag = 16
        case bytes = 17
        case integer = 20
        case text = 25
    }

    /// As `array_recv` of PostgreSQL reads it: dimensions, whether there are NULLs, the elements' type; of each dimension its
    /// length and first index; of each element its length, or -1, and its bytes.
    private static func array<Value>(
        of type: ElementType, _ values: [Value?], _ encode: (Value) -> [UInt8]
    ) -> [UInt8] {
        var bytes = bigEndian(values.isEmpty ? 0 : 1 as Int32)
        bytes += bigEndian(values.contains { $0 == nil } ? 1 : 0 as Int32)
        bytes += bigEndian(type.rawValue)
        guard !values.isEmpty else { return bytes }
        bytes += bigEndian(Int32(values.count))
        bytes += bigEndian(1 as Int32)
        for value in values {
            guard let element = value.map(encode) else {
                bytes += bigEndian(-1 as Int32)
                continue
            }
            bytes += bigEndian(Int32(element.count))
            bytes += element
        }
        return bytes
    }

    private static func bigEndian(_ number: some FixedWidthInteger) -> [UInt8] {
        withUnsafeBytes(of: number.bigEndian) { Array($0) }
    }
}

extension Parameter {
    static func count(_ value: UInt64?) -> Parameter { .integer(value.map(Int64.init(storing:))) }
    static func counts(_ values: [UInt64?]) -> Parameter { .integers(values.map { $0.map(Int64.init(storing:)) }) }
    static func ids(_ values: [JobID?]) -> Parameter { .byteStrings(values.map { $0?.bytes }) }
}

extension Int64 {
    /// Of a number that never comes near the end of what 63 bits count; one that claims to is held there.
    init(storing value: UInt64) { self.init(clamping: value) }
}

/// A statement, and what it takes.
struct Statement {
    let text: String
    let values: [Parameter]

    init(_ text: String, _ values: Parameter...) {
        self.text = text
        self.values = values
    }
}
