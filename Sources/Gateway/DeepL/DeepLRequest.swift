internal import JobModel

/// What `/v2/translate` of DeepL is asked.
struct DeepLRequest {
    var texts: [String]
    /// nil: it is to be found out.
    var source: String?
    var target: String
    var wantsCharacters: Bool
    var splitting: Splitting
    /// nil: the texts are plain.
    var markup: MarkupForm?

    /// What `split_sentences` may be.
    enum Splitting: String {
        case nowhere = "0"
        case sentences = "1"
        /// At the ends of sentences, not of lines.
        case nonewlines
    }

    /// What is to be translated.
    var wanted: Interpreter.Request {
        var wanted = Interpreter.Request(texts, from: source, to: target)
        switch splitting {
        case .nowhere: wanted.split = .nowhere
        case .sentences: break
        case .nonewlines: wanted.isHardWrapped = true
        }
        wanted.markup = markup
        return wanted
    }

    init(_ fields: Fields) throws(GatewayError) {
        guard let text = try fields.texts("text"), !text.texts.isEmpty else {
            throw GatewayError(.missing("text"), "text is missing")
        }
        texts = text.texts
        (source, target) = try Self.languages(fields)
        wantsCharacters = try fields.flag("show_billed_characters")
        splitting = try Self.splitting(fields)
        try Self.refuseUnsupported(fields)
        markup = try Self.markup(fields)
    }

    private static func markup(_ fields: Fields) throws(GatewayError) -> MarkupForm? {
        guard let word = try fields.text("tag_handling"), !word.isEmpty else { return nil }
        guard let language = MarkupLanguage(rawValue: word) else {
            throw GatewayError(.invalid, "Value for 'tag_handling' not supported: \(word); use xml or html")
        }
        var markup = MarkupForm(language)
        markup.ignoredTags = try tags(fields, "ignore_tags")
        markup.splittingTags = try tags(fields, "splitting_tags")
        markup.nonSplittingTags = try tags(fields, "non_splitting_tags")
        if fields.isGiven("outline_detection") { markup.findsOutline = try fields.flag("outline_detection") }
        return markup
    }

    /// Names of elements: a list, or one text with commas.
    private static func tags(_ fields: Fields, _ name: String) throws(GatewayError) -> [String] {
        let tags = try fields.texts(name)?.texts ?? []
        return tags.flatMap { $0.split(separator: ",") }.map {
            $0.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        }.filter {
            !$0.isEmpty
        }
    }

    /// What would change the translation and cannot be had is refused; what is a wish, or only bounds what DeepL's own models
    /// do, is accepted.
    static func refuseUnsupported(_ fields: Fields) throws(GatewayError) {
        let names = ["glossary_ids", "style_id", "custom_instructions", "translation_memory_id"]
        for name in names where fields.isGiven(name) {
            throw GatewayError(.invalid, "Parameter '\(name)' is not supported on this server.")
        }
    }

    static func languages(_ fields: Fields) throws(GatewayError) -> (source: String?, target: String) {
        guard let target = try fields.text("target_lang") else {
            throw GatewayError(.missing("target_lang"), "target_lang is missing")
        }
        let formality = try fields.text("formality") ?? "default"
        guard ["default", "prefer_more", "prefer_less"].contains(formality) else {
            throw GatewayError(
                .invalid,
                "'formality' is not supported for given 'target_lang': \(formality); use prefer_more or prefer_less")
        }
        return (try fields.text("source_lang"), target)
    }

    private static func splitting(_ fields: Fields) throws(GatewayError) -> Splitting {
        switch try fields.text("split_sentences") {
        case nil, "true"?: return .sentences
        case "false"?: return .nowhere
        case let word?:
            guard let splitting = Splitting(rawValue: word) else {
                throw GatewayError(.invalid, "Value for 'split_sentences' not supported: \(word)")
            }
            return splitting
        }
    }
}
