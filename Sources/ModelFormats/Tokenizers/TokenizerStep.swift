internal import Text

/// An object of `tokenizer.json` that says what one step does.
struct TokenizerStep {
    private static let stepsMax = 64

    let members: [ExactString: JSONValue]
    /// What kind of step it is, for errors: `normalizer`.
    let role: String
    let type: String
    let file: String

    init(_ value: JSONValue, _ role: String, _ file: String) throws(ModelError) {
        guard case .object(let members) = value, case .string(let type) = members["type"] else {
            throw ModelError(
                .malformedFile, file: file, "a \(role) is not an object with a type", found: value.summary)
        }
        self.members = members
        self.role = role
        self.type = type
        self.file = file
    }

    /// The steps that `value` is made of: nothing, one, or those of a sequence.
    static func all(_ value: JSONValue?, _ role: String, list: String, _ file: String) throws(ModelError) -> [Self] {
        guard let value, value != .null else { return [] }
        let step = try Self(value, role, file)
        guard step.type == "Sequence" else { return [step] }
        guard case .array(let elements) = step.members[ExactString(list)] else { throw step.invalid(list) }
        var steps: [Self] = []
        // As deep as JSON may be nested.
        for element in elements { steps += try all(element, role, list: list, file) }
        guard steps.count <= stepsMax else {
            throw ModelError(
                .unsupported, file: file, "there are too many steps of the kind \(role)",
                expected: "at most \(stepsMax)",
                found: "\(steps.count)")
        }
        return steps
    }

    func unsupported() -> ModelError {
        ModelError(
            .unsupported, file: file, "the \(role) \(ModelError.quoted(type)) is not supported",
            remedy: "give the model's tokens in place of text")
    }

    func invalid(_ key: String) -> ModelError {
        ModelError(
            .invalidValue, file: file,
            "\(key) of the \(role) \(ModelError.quoted(type)) has a value that it cannot have",
            found: members[ExactString(key)]?.summary ?? "none")
    }

    func boolean(_ key: String, _ usual: Bool? = nil) throws(ModelError) -> Bool {
        switch members[ExactString(key)] {
        case .boolean(let value): return value
        case nil, .null:
            if let usual { return usual }
        default: break
        }
        throw invalid(key)
    }

    /// A string, of which a text may become many.
    func string(_ key: String) throws(ModelError) -> String {
        guard case .string(let value) = members[ExactString(key)], value.utf8.count <= TokenEntries.tokenBytesMax else {
            throw invalid(key)
        }
        return value
    }

    /// A string of one character.
    func character(_ key: String) throws(ModelError) -> String {
        let text = try string(key)
        guard text.unicodeScalars.count == 1 else { throw invalid(key) }
        return text
    }

    func integer(_ key: String, in range: ClosedRange<Int>) throws(ModelError) -> Int {
        guard case .integer(let value) = members[ExactString(key)], range.contains(value) else { throw invalid(key) }
        return value
    }

    /// `{"String": …}` or `{"Regex": …}`.
    func pattern(_ key: String) throws(ModelError) -> TextPattern {
        guard case .object(let members) = members[ExactString(key)] else { throw invalid(key) }
        if case .string(let text) = members["String"], !text.isEmpty { return .literal(text) }
        guard case .string(let expression) = members["Regex"] else { throw invalid(key) }
        guard let pattern = TextPattern(expression: expression) else {
            throw ModelError(
                .unsupported, file: file, "the expression of the \(role) \(ModelError.quoted(type)) is not supported",
                found: ModelError.quoted(expression), remedy: "give the model's tokens in place of text")
        }
        return pattern
    }
}
