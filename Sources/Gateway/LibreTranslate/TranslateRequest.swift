internal import JobModel
internal import Languages

/// What `/translate` of LibreTranslate is asked.
struct TranslateRequest {
    var texts: [String]
    /// Whether `q` is a list, and the answer one too.
    var isBatch: Bool
    /// nil: it is to be found out ("auto").
    var source: String?
    var target: String
    var alternatives: Int
    /// nil: the texts are plain.
    var markup: MarkupForm?

    init(_ fields: Fields, limits: Gateway.Settings) throws(GatewayError) {
        alternatives = max(0, try fields.number("alternatives") ?? 0)
        guard alternatives <= limits.alternativesMaximum else {
            throw GatewayError(
                .invalid, "Invalid request: alternatives parameter must be <= \(limits.alternativesMaximum)")
        }
        guard let q = try fields.texts("q"), !q.texts.isEmpty, q.isList || !q.texts[0].isEmpty else {
            throw GatewayError(.missing("q"), "q is missing")
        }
        // Forms write line breaks as CR LF, RFC 7578, 4.4.
        texts = fields.isJSON ? q.texts : q.texts.map { $0.replacing("\r\n", with: "\n") }
        isBatch = q.isList
        guard let source = try fields.text("source") else {
            throw GatewayError(.missing("source"), "source is missing")
        }
        self.source = source == "auto" ? nil : source
        guard let target = try fields.text("target") else {
            throw GatewayError(.missing("target"), "target is missing")
        }
        self.target = target
        let format = try fields.text("format") ?? "text"
        if format == "html" { markup = MarkupForm(.html) }
        guard format == "text" || format == "html" else {
            throw GatewayError(.invalid, "\(format) format is not supported")
        }
    }
}

/// What `/translate` of LibreTranslate answers: lists where it was asked for a list.
struct TranslateResponse: Encodable {
    private enum Key: String, CodingKey { case translatedText, detectedLanguage, alternatives }

    private let renderings: [Interpreter.Rendering]
    private let isBatch: Bool
    private let wantsLanguage: Bool
    private let wantsAlternatives: Bool

    init(_ renderings: [Interpreter.Rendering], to request: TranslateRequest) {
        self.renderings = renderings
        isBatch = request.isBatch
        wantsLanguage = request.source == nil
        wantsAlternatives = request.alternatives > 0
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        func encode(_ values: [some Encodable], _ key: Key) throws {
            if isBatch {
                try container.encode(values, forKey: key)
            } else {
                try container.encode(values[0], forKey: key)
            }
        }
        try encode(renderings.map(\.text), .translatedText)
        if wantsLanguage { try encode(renderings.map { Detection($0.source) }, .detectedLanguage) }
        if wantsAlternatives { try encode(renderings.map(\.alternatives), .alternatives) }
    }
}

struct Detection: Encodable {
    let confidence: Double
    let language: String

    init(_ guess: LanguageDetector.Guess) {
        confidence = guess.confidence
        language = guess.language.description
    }
}
