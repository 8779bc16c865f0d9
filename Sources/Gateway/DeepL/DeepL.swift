internal import Languages

/// DeepL's interface, version 2 (https://developers.deepl.com/api-reference): its fields, its words and its numbers.
struct DeepL {
    enum Operation: Sendable, Hashable {
        case translate, languages, usage, upload, documentState, documentResult
        case glossaryPairs
        case glossaries(GlossaryOperation)
    }

    /// On what is kept.
    enum GlossaryOperation: Sendable, Hashable {
        case add, list, one, entries, remove
    }

    static let routes: [Router.Route] = [
        Router.Route(["POST"], "/v2/translate", .deepL(.translate)),
        Router.Route(["GET", "POST"], "/v2/languages", .deepL(.languages)),
        Router.Route(["GET", "POST"], "/v2/usage", .deepL(.usage)),
        Router.Route(["POST"], "/v2/document", .deepL(.upload)),
        Router.Route(["GET", "POST"], "/v2/document/*", .deepL(.documentState)),
        Router.Route(["GET", "POST"], "/v2/document/*/result", .deepL(.documentResult)),
        Router.Route(["POST"], "/v2/glossaries", .deepL(.glossaries(.add))),
        Router.Route(["GET"], "/v2/glossaries", .deepL(.glossaries(.list))),
        Router.Route(["GET"], "/v2/glossaries/*", .deepL(.glossaries(.one))),
        Router.Route(["DELETE"], "/v2/glossaries/*", .deepL(.glossaries(.remove))),
        Router.Route(["GET"], "/v2/glossaries/*/entries", .deepL(.glossaries(.entries))),
        Router.Route(["GET"], "/v2/glossary-language-pairs", .deepL(.glossaryPairs)),
    ]

    let visit: Visit

    private var interpreter: Interpreter { visit.gateway.interpreter }

    func answer(_ operation: Operation) async throws(GatewayError) -> WebResponse {
        switch operation {
        case .translate: try await translate()
        case .languages: try await languages()
        case .usage: usage()
        case .upload: try await upload()
        case .documentState: try await documentState()
        case .documentResult: try await documentResult()
        case .glossaries(let operation): try await answer(operation)
        case .glossaryPairs: try await glossaryPairs()
        }
    }

    static func failure(_ error: GatewayError) -> WebResponse {
        let (status, message): (Int, String) =
            switch error.kind {
            case .missing(let name): (400, "Parameter '\(name)' not specified.")
            case .unknownLanguage, .noModel:
                (400, "Value for 'target_lang' or 'source_lang' not supported: \(error.message)")
            // DeepL knows no 401.
            case .keyMissing, .keyUnknown: (403, "Authorization failed: \(error.message)")
            case .quotaUsed: (456, "Quota exceeded: \(error.message)")
            default: (error.status, error.message)
            }
        return WebResponse(status, json: ["message": message])
    }

    // MARK: Texts

    private struct Translations: Encodable {
        struct Translation: Encodable {
            let detectedSourceLanguage: String
            let text: String
            let billedCharacters: Int?
        }

        let translations: [Translation]
    }

    private func translate() async throws(GatewayError) -> WebResponse {
        let ask = try DeepLRequest(visit.fields)
        var wanted = ask.wanted
        wanted.glossary = try await glossaryName(from: ask.source, to: ask.target)
        let renderings = try await visit.translate(wanted)
        let translations = zip(ask.texts, renderings).map { text, rendering in
            Translations.Translation(
                detectedSourceLanguage: Self.code(rendering.source.language), text: rendering.text,
                billedCharacters: ask.wantsCharacters ? text.unicodeScalars.count : nil)
        }
        return WebResponse(200, snakeJSON: Translations(translations: translations)).naming(renderings)
    }

    // MARK: What there is

    private struct Language: Encodable {
        let language: String
        let name: String
        /// Only of targets.
        let supportsFormality: Bool?
    }

    private func languages() async throws(GatewayError) -> WebResponse {
        let type = try visit.fields.text("type") ?? "source"
        guard type == "source" || type == "target" else {
            throw GatewayError(.invalid, "Value for 'type' not supported: it must be source or target, not \(type)")
        }
        let map = try await interpreter.models()
        let languages = type == "source" ? map.sources : map.targets
        return WebResponse(
            200,
            snakeJSON: languages.map { language in
                Language(
                    language: Self.code(language), name: LanguageNames.name(of: language),
                    supportsFormality: type == "source" ? nil : false)
            })
    }

    private struct Usage: Encodable {
        let characterCount: Int
        let characterLimit: Int
    }

    private func usage() -> WebResponse {
        let used = visit.pass.flatMap { visit.gateway.access?.characters($0) }
        let limit = visit.pass?.entry.limits.charactersPerMonth
        return WebResponse(200, snakeJSON: Usage(characterCount: used ?? 0, characterLimit: limit ?? Self.noLimit))
    }

    /// What DeepL says where there is no limit.
    private static let noLimit = 1_000_000_000_000

    /// DeepL writes languages in upper case.
    static func code(_ language: LanguageTag) -> String { language.description.uppercased() }
}
