/// A JSON text as a value.
package enum JSONValue: Sendable, Hashable {
    case null
    case bool(Bool)
    case number(Double)
    case string(String)
    case array([JSONValue])
    /// Of members with the same name, the last.
    case object([String: JSONValue])

    /// - Throws: `JSONSyntaxError`.
    package init(_ bytes: [UInt8]) throws(JSONSyntaxError) {
        var parser = JSONParser(bytes)
        self = try parser.text()
    }

    /// What it is called in messages.
    package var kind: String {
        switch self {
        case .null: "null"
        case .bool: "true or false"
        case .number: "a number"
        case .string: "a string"
        case .array: "an array"
        case .object: "an object"
        }
    }
}

/// Why a text is not JSON, and where.
package struct JSONSyntaxError: Error, Sendable, Hashable, CustomStringConvertible {
    package var problem: String
    /// From 0.
    package var offset: Int

    package var description: String { "\(problem) at byte \(offset)" }
}
