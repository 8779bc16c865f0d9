/// A JSON value as a tree: for settings, which are small.
enum JSONValue: Equatable, Sendable {
    case object([ExactString: JSONValue])
    case array([JSONValue])
    case string(String)
    /// A number written without fraction or exponent.
    case integer(Int)
    case number(Double)
    case boolean(Bool)
    case null

    /// Reads a whole text.
    init(_ bytes: [UInt8], file: String) throws(ModelError) {
        var scanner = JSONScanner(bytes, file: file)
        self = try JSONValue(&scanner)
        try scanner.end()
    }

    /// Reads the next value of a text. The scanner bounds the recursion.
    init(_ scanner: inout JSONScanner) throws(ModelError) {
        switch try scanner.kind() {
        case .object:
            var members: [ExactString: JSONValue] = [:]
            try scanner.object { (key, scanner) throws(ModelError) in
                members[ExactString(key)] = try JSONValue(&scanner)
            }
            self = .object(members)
        case .array:
            var elements: [JSONValue] = []
            try scanner.array { (scanner) throws(ModelError) in elements.append(try JSONValue(&scanner)) }
            self = .array(elements)
        case .string: self = .string(try scanner.string())
        case .number:
            let number = try scanner.number()
            self = number.integer.map(JSONValue.integer) ?? .number(number.double)
        case .boolean: self = .boolean(try scanner.boolean())
        case .null:
            try scanner.null()
            self = .null
        }
    }

    /// The value in a few words, for errors.
    var summary: String {
        switch self {
        case .object(let members): "an object of \(members.count)"
        case .array(let elements) where elements.count <= 8: "[\(elements.map(\.summary).joined(separator: ", "))]"
        case .array(let elements): "a list of \(elements.count)"
        case .string(let text): ModelError.quoted(text)
        case .integer(let integer): "\(integer)"
        case .number(let number): "\(number)"
        case .boolean(let boolean): "\(boolean)"
        case .null: "null"
        }
    }
}
