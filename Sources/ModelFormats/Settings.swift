/// A file of settings: a JSON object whose values are read by key, each with its type and range.
///
/// A key whose value is `null` counts as absent, as it does in transformers' configurations.
struct Settings {
    let file: String
    private let values: [ExactString: JSONValue]

    init(_ bytes: [UInt8], file: String) throws(ModelError) {
        let value = try JSONValue(bytes, file: file)
        guard case .object(let values) = value else {
            throw ModelError(
                .malformedFile, file: file, "not a file of settings", expected: "a JSON object", found: value.summary)
        }
        self.file = file
        self.values = values
    }

    init(_ values: [ExactString: JSONValue], file: String) {
        self.file = file
        self.values = values
    }

    subscript(key: String) -> JSONValue? {
        let value = values[ExactString(key)]
        return value == .null ? nil : value
    }

    /// All keys and their values, in no order.
    var members: [(key: String, value: JSONValue)] { values.map { ($0.key.text, $0.value) } }

    /// Returns the integer at `key`, or `nil` when the key is absent.
    func integer(_ key: String, in range: ClosedRange<Int>) throws(ModelError) -> Int? {
        guard let value = self[key] else { return nil }
        guard case .integer(let integer) = value, range.contains(integer) else {
            throw invalid(key, expected: Self.words(range), found: value.summary)
        }
        return integer
    }

    /// Returns the integer at `key`.
    func requiredInteger(_ key: String, in range: ClosedRange<Int>) throws(ModelError) -> Int {
        guard let integer = try integer(key, in: range) else {
            throw ModelError(.invalidValue, file: file, "\(key) is not given", expected: Self.words(range))
        }
        return integer
    }

    /// Returns the number at `key`, or `nil` when the key is absent.
    func number(_ key: String) throws(ModelError) -> Float? {
        let number: Float
        switch self[key] {
        case nil: return nil
        case .integer(let integer): number = Float(integer)
        case .number(let double): number = Float(double)
        case let value?: throw invalid(key, expected: "a number", found: value.summary)
        }
        guard number.isFinite else { throw invalid(key, expected: "a number that fits 32 bits", found: "\(number)") }
        return number
    }

    /// Returns the boolean at `key`, or `nil` when the key is absent.
    func boolean(_ key: String) throws(ModelError) -> Bool? {
        switch self[key] {
        case nil: return nil
        case .boolean(let boolean): return boolean
        case let value?: throw invalid(key, expected: "true or false", found: value.summary)
        }
    }

    /// Returns the string at `key`, or `nil` when the key is absent.
    func string(_ key: String) throws(ModelError) -> String? {
        switch self[key] {
        case nil: return nil
        case .string(let string): return string
        case let value?: throw invalid(key, expected: "a string", found: value.summary)
        }
    }

    /// Returns the token id at `key`, or `nil` when the key is absent. transformers allows a list of one.
    func oneToken(_ key: String, vocabulary: Int) throws(ModelError) -> Int? {
        let tokens = try oneOrMoreTokens(key, vocabulary: vocabulary)
        guard tokens.count < 2 else {
            throw ModelError(
                .unsupported, file: file, "several tokens for \(key) are not supported", expected: "one token id",
                found: self[key]?.summary)
        }
        return tokens.first
    }

    /// Returns the token ids at `key`, of which there may be one or a list; empty when the key is absent.
    func oneOrMoreTokens(_ key: String, vocabulary: Int) throws(ModelError) -> [Int] {
        switch self[key] {
        case nil: return []
        case .array(let elements): return try tokens(key, elements, vocabulary)
        default: return try integer(key, in: 0...vocabulary - 1).map { [$0] } ?? []
        }
    }

    /// Returns the list of token ids at `key`; empty when the key is absent.
    func tokens(_ key: String, vocabulary: Int) throws(ModelError) -> [Int] {
        switch self[key] {
        case nil: return []
        case .array(let elements): return try tokens(key, elements, vocabulary)
        case let value?: throw invalid(key, expected: "a list of token ids", found: value.summary)
        }
    }

    /// Returns the list of lists of token ids at `key`; empty when the key is absent.
    func tokenSequences(_ key: String, vocabulary: Int) throws(ModelError) -> [[Int]] {
        guard let value = self[key] else { return [] }
        guard case .array(let sequences) = value else {
            throw invalid(key, expected: "a list of lists of token ids", found: value.summary)
        }
        var result: [[Int]] = []
        for sequence in sequences {
            guard case .array(let elements) = sequence, !elements.isEmpty else {
                throw invalid(key, expected: "a list of lists of token ids, none empty", found: sequence.summary)
            }
            result.append(try tokens(key, elements, vocabulary))
        }
        return result
    }

    /// An error about the value at `key`.
    func invalid(_ key: String, expected: String, found: String) -> ModelError {
        ModelError(
            .invalidValue, file: file, "\(key) has a value that it cannot have", expected: expected, found: found)
    }

    private func tokens(_ key: String, _ elements: [JSONValue], _ vocabulary: Int) throws(ModelError) -> [Int] {
        var result: [Int] = []
        for element in elements {
            guard case .integer(let token) = element, (0..<vocabulary).contains(token) else {
                throw invalid(key, expected: "token ids from 0 to \(vocabulary - 1)", found: element.summary)
            }
            result.append(token)
        }
        return result
    }

    private static func words(_ range: ClosedRange<Int>) -> String {
        "a whole number from \(range.lowerBound) to \(range.upperBound)"
    }
}
