internal import Markup
internal import Translations

/// HTML and XML: the blocks of words, each as it stands in the file. The engine carries their tags over.
enum MarkupFile {
    static func skeleton(_ source: SourceText, _ language: MarkupLanguage) throws(DocumentError) -> Skeleton {
        try checkCharacterSet(source, language)
        var skeleton = Skeleton(source.bytes)
        skeleton.ownMarkup = language
        try add(source.bytes, from: source.start, ElementRules(language: language), source.format, to: &skeleton)
        return skeleton
    }

    /// - Parameter start: After a byte order mark.
    static func add(
        _ bytes: [UInt8], from start: Int, _ rules: ElementRules, _ format: DocumentFormat, member: String? = nil,
        to skeleton: inout Skeleton
    ) throws(DocumentError) {
        do {
            let text = try MarkupText(String(decoding: bytes[start...], as: UTF8.self), rules)
            for block in text.blocks where block.text.hasLetters {
                let range = block.range.lowerBound + start..<block.range.upperBound + start
                skeleton.add(InlineText(String(decoding: bytes[range], as: UTF8.self)), in: range) {
                    Array($0.plain.utf8)
                }
            }
        } catch {
            throw DocumentError(
                .malformed, format, at: member.map { .memberLine($0, error.line) } ?? .line(error.line), error.problem,
                remedy: rules.language == .xml ? "check it with xmllint" : nil)
        }
    }

    /// A file may say that it is in another character set; what is added to it would not be.
    private static func checkCharacterSet(_ source: SourceText, _ language: MarkupLanguage) throws(DocumentError) {
        guard let name = otherCharacterSet(source.bytes, language) else { return }
        throw source.failure(
            .unsupported, at: 0, "the file says that it is not in UTF-8", expected: "UTF-8",
            found: DocumentError.quoted(name), remedy: "convert it with iconv, and change what it says")
    }

    /// What a file says that it is in, where that is not UTF-8.
    static func otherCharacterSet(_ bytes: [UInt8], _ language: MarkupLanguage) -> String? {
        let head = String(decoding: bytes.prefix(2048), as: UTF8.self).lowercased()
        let mark = language == .xml ? "encoding=" : "charset="
        let declaration = language == .xml ? head.prefix { $0 != ">" } : head[...]
        guard language == .html || head.contains("<?xml"), let found = declaration.firstRange(of: mark) else {
            return nil
        }
        let name = declaration[found.upperBound...].drop { $0 == "\"" || $0 == "'" }
            .prefix { $0.isLetter || $0.isNumber || $0 == "-" || $0 == "_" }
        return ["utf-8", "utf8", "us-ascii", ""].contains(String(name)) ? nil : String(name)
    }
}
