internal import Languages

/// LibreTranslate's interface (https://docs.libretranslate.com, version 1.8): its fields, its words and its numbers.
struct LibreTranslate {
    enum Operation: Sendable, Hashable {
        case translate, translateFile, download, detect, languages, frontendSettings, suggest, health, spec
    }

    static let routes: [Router.Route] = [
        Router.Route(["POST"], "/translate", .libreTranslate(.translate)),
        Router.Route(["POST"], "/translate_file", .libreTranslate(.translateFile)),
        Router.Route(["GET"], "/download_file/*", .libreTranslate(.download)),
        Router.Route(["POST"], "/detect", .libreTranslate(.detect)),
        Router.Route(["GET"], "/languages", .libreTranslate(.languages)),
        Router.Route(["GET"], "/frontend/settings", .libreTranslate(.frontendSettings)),
        Router.Route(["POST"], "/suggest", .libreTranslate(.suggest)),
        Router.Route(["GET"], "/health", .libreTranslate(.health)),
        Router.Route(["GET"], "/spec", .libreTranslate(.spec)),
    ]

    let visit: Visit

    private var gateway: Gateway { visit.gateway }

    func answer(_ operation: Operation) async throws(GatewayError) -> WebResponse {
        switch operation {
        case .translate: try await translate()
        case .translateFile: try await translateFile()
        case .download: try await download()
        case .detect: try await detect()
        case .languages: try await languages()
        case .frontendSettings: try await frontendSettings()
        case .suggest: throw GatewayError(.forbidden, "Suggestions are disabled on this server.")
        case .health: WebResponse(200, json: ["status": "ok"])
        case .spec:
            WebResponse(200, text: LibreTranslateSpec.text(version: gateway.settings.version), type: "application/json")
        }
    }

    static func failure(_ error: GatewayError) -> WebResponse {
        let (status, message): (Int, String) =
            switch error.kind {
            case .missing(let name): (400, "Invalid request: missing \(name) parameter")
            case .keyMissing: (400, "Please contact the server operator to get an API key")
            case .keyUnknown: (403, "Invalid API key")
            case .tooMany: (429, "Slowdown: \(error.message)")
            case .failed: (500, "Cannot translate text: \(error.message)")
            default: (error.status, error.message)
            }
        return WebResponse(status, json: ["error": message])
    }

    // MARK: Translating

    private func translate() async throws(GatewayError) -> WebResponse {
        let ask = try TranslateRequest(visit.fields, limits: gateway.settings)
        var wanted = Interpreter.Request(ask.texts, from: ask.source, to: ask.target)
        wanted.alternatives = ask.alternatives
        wanted.markup = ask.markup
        let renderings = try await visit.translate(wanted)
        return WebResponse(200, json: TranslateResponse(renderings, to: ask)).naming(renderings)
    }

    private func detect() async throws(GatewayError) -> WebResponse {
        guard let q = try visit.fields.texts("q"), q.texts.contains(where: { !$0.isEmpty }) else {
            throw GatewayError(.missing("q"), "q is missing")
        }
        try visit.check(q.texts)
        let guesses = try await gateway.interpreter.detect(q.texts.joined(separator: "\n"))
        return WebResponse(200, json: guesses.map(Detection.init))
    }

    // MARK: What there is

    private struct Language: Encodable {
        let code: String
        let name: String
        let targets: [String]
    }

    private func languages() async throws(GatewayError) -> WebResponse {
        let map = try await gateway.interpreter.models()
        return WebResponse(
            200,
            json: map.languages.map { language in
                Language(
                    code: language.description, name: LanguageNames.name(of: language),
                    targets: map.targets(of: language).map(\.description))
            })
    }

    private struct FrontendSettings: Encodable {
        struct Language: Encodable {
            let code: String
            let name: String
        }

        struct Languages: Encodable {
            let source: Language
            let target: Language
        }

        let apiKeys: Bool
        let charLimit: Int
        let filesTranslation: Bool
        let frontendTimeout: Int
        let keyRequired: Bool
        let language: Languages
        let suggestions: Bool
        let supportedFilesFormat: [String]
    }

    private func frontendSettings() async throws(GatewayError) -> WebResponse {
        let map = try await gateway.interpreter.models()
        let source = map.sources.first { $0.language == "en" } ?? map.sources.first
        let target = source.flatMap { source in map.targets(of: source).first { $0 != source } }
        return WebResponse(
            200,
            json: FrontendSettings(
                apiKeys: gateway.access != nil,
                charLimit: gateway.settings.charactersMaximum == 0 ? -1 : gateway.settings.charactersMaximum,
                filesTranslation: true, frontendTimeout: 500, keyRequired: gateway.access != nil,
                language: FrontendSettings.Languages(
                    source: FrontendSettings.Language(code: "auto", name: "Auto Detect"),
                    target: FrontendSettings.Language(
                        code: target?.description ?? "en", name: target.map(LanguageNames.name) ?? "English")),
                suggestions: false, supportedFilesFormat: UploadedFile.suffixes))
    }
}
