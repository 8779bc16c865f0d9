import Documents
import Testing
import Translations

/// A translator for tests: it writes all letters outside of tags and references in upper case.
enum Shouting {
    static func shouted(_ text: String, _ markup: MarkupLanguage?) -> String {
        guard markup != nil else { return text.uppercased() }
        var result = ""
        var rest = text[...]
        while let start = rest.firstIndex(where: { $0 == "<" || $0 == "&" }) {
            result += rest[..<start].uppercased()
            let end = rest[start...].firstIndex(of: rest[start] == "<" ? ">" : ";") ?? rest.index(before: rest.endIndex)
            result += rest[start...end]
            rest = rest[rest.index(after: end)...]
        }
        return result + rest.uppercased()
    }
}

extension DocumentFile {
    init(_ text: String, _ format: DocumentFormat, keys: [String] = []) throws {
        try self.init(Array(text.utf8), format: format, options: DocumentOptions(keys: KeyPatterns(keys)))
    }

    /// The file with all its texts in upper case.
    func shouted() throws -> [UInt8] {
        try written(with: units.map { Shouting.shouted($0, markup) })
    }

    /// The file as it is when each text is its own translation.
    func unchanged() throws -> [UInt8] { try written(with: units) }
}

func shouted(_ text: String, _ format: DocumentFormat, keys: [String] = []) throws -> String {
    String(decoding: try DocumentFile(text, format, keys: keys).shouted(), as: UTF8.self)
}

/// Records where two texts differ first.
func expectSame(
    _ text: some Sequence<UInt8>, _ expected: String, sourceLocation: SourceLocation = #_sourceLocation
) {
    let text = Array(text), expected = Array(expected.utf8)
    guard text != expected else { return }
    let at =
        zip(text, expected).enumerated().first { $0.element.0 != $0.element.1 }?.offset
        ?? min(text.count, expected.count)
    func part(_ bytes: [UInt8]) -> String {
        String(decoding: bytes[max(0, at - 20)..<min(bytes.count, at + 40)], as: UTF8.self).debugDescription
    }
    Issue.record("at byte \(at): \(part(text)) is not \(part(expected))", sourceLocation: sourceLocation)
}
