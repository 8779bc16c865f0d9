package import JobModel
internal import Markup

/// How the texts of a request are marked up.
package struct MarkupForm: Sendable {
    package var language: MarkupLanguage
    package var ignoredTags: [String] = []
    package var splittingTags: [String] = []
    package var nonSplittingTags: [String] = []
    /// Whether elements of XML that have no words beside them stand by themselves.
    package var findsOutline = true

    package init(_ language: MarkupLanguage) { self.language = language }

    /// The words of a text, to find out its language.
    ///
    /// - Throws: `.invalid` for XML that is not well-formed.
    func words(of text: String) throws(GatewayError) -> String {
        let rules = ElementRules(
            language: language, ignored: ignoredTags, splitting: splittingTags, inline: nonSplittingTags)
        return try Self.read { () throws(MarkupError) in try MarkupText(text, rules) }
            .blocks.map(\.text).joined(separator: "\n")
    }

    /// The options of a job with these texts.
    func apply(to options: inout SearchOptions, _ texts: [String]) throws(GatewayError) {
        var inline = nonSplittingTags
        if !findsOutline, language == .xml {
            for text in texts {
                inline += try Self.read { () throws(MarkupError) in try MarkupText.elementNames(of: text, language) }
                    .subtracting(splittingTags)
            }
            inline = Set(inline).sorted()
        }
        options.markup = language
        options.ignoreTags = ignoredTags.isEmpty ? nil : ignoredTags
        options.splittingTags = splittingTags.isEmpty ? nil : splittingTags
        options.nonSplittingTags = inline.isEmpty ? nil : inline
    }

    private static func read<Result>(_ body: () throws(MarkupError) -> Result) throws(GatewayError) -> Result {
        do { return try body() } catch {
            throw GatewayError(.invalid, "Tag handling parsing failed, please check input: \(error)")
        }
    }
}
