internal import JobModel
internal import Languages

/// Google's Cloud Translation, version 2 (https://cloud.google.com/translate/docs/reference/rest/v2): its fields, its
/// words and its numbers.
struct Google {
    enum Operation: Sendable, Hashable {
        case translate, detect, languages
    }

    static let routes: [Router.Route] = [
        Router.Route(["GET", "POST"], "/language/translate/v2", .google(.translate)),
        Router.Route(["GET", "POST"], "/language/translate/v2/detect", .google(.detect)),
        Router.Route(["GET", "POST"], "/language/translate/v2/languages", .google(.languages)),
    ]

    let visit: Visit

    private var interpreter: Interpreter { visit.gateway.interpreter }

    func answer(_ operation: Operation) async throws(GatewayError) -> WebResponse {
        switch operation {
        case .translate: try await translate()
        case .detect: try await detect()
        case .languages: try await languages()
        }
    }

    private struct Failure: Encodable {
        struct Cause: Encodable {
            let message: String
            let domain: String
            let reason: String
        }

        struct Body: Encodable {
            let code: Int
            let message: String
            let errors: [Cause]
        }

        let error: Body
    }

    static func failure(_ error: GatewayError) -> WebResponse {
        let (status, message, reason): (Int, String, String) =
            switch error.kind {
            case .missing(let name): (400, "Required parameter: \(name)", "required")
            case .keyMissing: (403, error.message, "forbidden")
            case .keyUnknown: (400, "API key not valid. Please pass a valid API key.", "badRequest")
            case .quotaUsed: (403, error.message, "dailyLimitExceeded")
            case .tooMany: (429, error.message, "rateLimitExceeded")
            case .forbidden: (403, error.message, "forbidden")
            default: (error.status, error.message, error.status < 500 ? "invalid" : "backendError")
            }
        let cause = Failure.Cause(message: message, domain: "global", reason: reason)
        return WebResponse(status, json: Failure(error: Failure.Body(code: status, message: message, errors: [cause])))
    }

    private struct Data<Content: Encodable>: Encodable {
        let data: Content
    }

    private struct Translations: Encodable {
        struct Translation: Encodable {
            let translatedText: String
            let detectedSourceLanguage: String?
            let model: String
        }

        let translations: [Translation]
    }

    private func texts() throws(GatewayError) -> [String] {
        guard let q = try visit.fields.texts("q"), !q.texts.isEmpty else {
            throw GatewayError(.missing("q"), "q is missing")
        }
        return q.texts
    }

    private func translate() async throws(GatewayError) -> WebResponse {
        let texts = try texts()
        guard let target = try visit.fields.text("target") else {
            throw GatewayError(.missing("target"), "target is missing")
        }
        // Google's default.
        let format = try visit.fields.text("format") ?? "html"
        guard format == "text" || format == "html" else {
            throw GatewayError(.invalid, "format must be text or html, not \(format)")
        }
        let source = try visit.fields.text("source")
        var request = Interpreter.Request(texts, from: source, to: target)
        if format == "html" { request.markup = MarkupForm(.html) }
        let renderings = try await visit.translate(request)
        let translations = renderings.map { rendering in
            Translations.Translation(
                translatedText: rendering.text,
                detectedSourceLanguage: source == nil ? rendering.source.language.description : nil, model: "nmt")
        }
        return WebResponse(200, json: Data(data: Translations(translations: translations))).naming(renderings)
    }

    private struct Detections: Encodable {
        struct Detection: Encodable {
            let language: String
            let isReliable: Bool
            let confidence: Double
        }

        let detections: [[Detection]]
    }

    private func detect() async throws(GatewayError) -> WebResponse {
        var detections: [[Detections.Detection]] = []
        let texts = try texts()
        try visit.check(texts)
        for text in texts {
            let guess = try await interpreter.detect(text).first
            detections.append(
                [guess].compactMap(\.self).map {
                    Detections.Detection(
                        language: $0.language.description, isReliable: false, confidence: $0.confidence / 100)
                })
        }
        return WebResponse(200, json: Data(data: Detections(detections: detections)))
    }

    private struct Languages: Encodable {
        struct Language: Encodable {
            let language: String
            let name: String?
        }

        let languages: [Language]
    }

    private func languages() async throws(GatewayError) -> WebResponse {
        let isNamed = try visit.fields.text("target") != nil
        let languages = try await interpreter.models().languages.map {
            Languages.Language(language: $0.description, name: isNamed ? LanguageNames.name(of: $0) : nil)
        }
        return WebResponse(200, json: Data(data: Languages(languages: languages)))
    }
}
