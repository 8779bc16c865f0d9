/// What `/v2/translate` of DeepL is asked.
struct DeepLRequest {
    var texts: [String]
    /// nil: it is to be found out.
    var source: String?
    var target: String
    var wantsCharacters: Bool

    init(_ fields: Fields) throws(GatewayError) {
        guard let text = try fields.texts("text"), !text.texts.isEmpty else {
            throw GatewayError(.missing("text"), "text is missing")
        }
        texts = text.texts
        (source, target) = try Self.languages(fields)
        wantsCharacters = try fields.flag("show_billed_characters")
        try Self.checkSplitting(fields)
        // What would change the translation and cannot be had is refused; what is a wish, or only bounds what DeepL's own
        // models do, is accepted.
        for name in ["glossary_id", "style_id", "custom_instructions"] where fields.isGiven(name) {
            throw GatewayError(.invalid, "Parameter '\(name)' is not supported on this server.")
        }
        if let tags = try fields.text("tag_handling") {
            throw GatewayError(
                .invalid, "Value for 'tag_handling' not supported: \(tags); send texts without markup")
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

    private static func checkSplitting(_ fields: Fields) throws(GatewayError) {
        guard let splitting = try fields.text("split_sentences") else { return }
        guard ["0", "1", "nonewlines", "true", "false"].contains(splitting) else {
            throw GatewayError(.invalid, "Value for 'split_sentences' not supported: \(splitting)")
        }
    }
}
