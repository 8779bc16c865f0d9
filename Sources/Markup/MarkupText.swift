package import Translations

/// A text with markup, and its blocks: what is translated. All else stays as it is.
package struct MarkupText: Sendable {
    package let blocks: [MarkupBlock]
    let bytes: [UInt8]

    /// - Throws: `MarkupError` for XML that is not well-formed; whatever HTML is, it has blocks.
    package init(_ text: String, _ rules: ElementRules) throws(MarkupError) {
        bytes = Array(text.utf8)
        var parser = try MarkupParser(bytes, rules)
        blocks = parser.blocks()
    }

    /// The names of all elements of a text, as they are written.
    package static func elementNames(
        of text: String, _ language: MarkupLanguage
    ) throws(MarkupError) -> Set<String> {
        let bytes = Array(text.utf8)
        let tokens = try MarkupScanner.tokens(of: bytes, language)
        return Set(tokens.lazy.filter { $0.kind == .start || $0.kind == .empty }.map { bytes.text($0.name) })
    }

    /// The text with other words in the blocks' places.
    /// - Parameter contents: what a block is replaced with, with its marks: one for each.
    package func replaced(_ contents: [String]) -> String {
        precondition(contents.count == blocks.count, "\(contents.count) for \(blocks.count) blocks")
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count + bytes.count / 4)
        var end = 0
        for (block, content) in zip(blocks, contents) {
            result += bytes[end..<block.range.lowerBound]
            result += content.utf8
            end = block.range.upperBound
        }
        result += bytes[end...]
        return String(decoding: result, as: UTF8.self)
    }
}
