internal import Languages
internal import Text

/// The languages of T5's kin: MADLAD's tokens (`<2fr>`), and the words that T5's settings put before a text.
enum T5Languages {
    private static let marker = ModelLanguages.Marker(open: "<2", close: ">")

    static func languages(_ model: HubModel, _ tokenizer: ModelBundle.TokenizerParts) -> ModelLanguages {
        guard case .hub(let recipe) = tokenizer else { return prompted(model) }
        return targets(recipe.source.tokens(beginningWith: marker.open)) ?? prompted(model)
    }

    /// - Returns: nil where tokens name fewer than two languages.
    static func targets(_ tokens: [(token: String, id: Int)]) -> ModelLanguages? {
        let targets = tokens.compactMap { token, id -> ModelLanguage? in
            guard token.hasPrefix(marker.open), token.hasSuffix(marker.close) else { return nil }
            let code = String(token.dropFirst(marker.open.count).dropLast(marker.close.count))
            // Others of that form name tasks: `<2translate>`.
            return LanguageTag(code) == nil ? nil : ModelLanguage(code: code, token: id)
        }
        return targets.count > 1 ? ModelLanguages(target: targets, marker: marker) : nil
    }

    /// `task_specific_params`: `"translation_en_to_de": {"prefix": "translate English to German: "}`.
    private static func prompted(_ model: HubModel) -> ModelLanguages {
        guard case .object(let tasks)? = model.settings["task_specific_params"] else { return ModelLanguages() }
        var prompts: [ModelLanguages.Prompt] = []
        for (task, settings) in tasks {
            let parts = task.text.split(separator: "_").map(String.init)
            guard parts.count == 4, parts[0] == "translation", parts[2] == "to", LanguageTag(parts[1]) != nil,
                LanguageTag(parts[3]) != nil, case .object(let members) = settings,
                case .string(let prefix)? = members["prefix"]
            else { continue }
            prompts.append(.init(source: parts[1], target: parts[3], text: prefix))
        }
        prompts.sort { ($0.source, $0.target) < ($1.source, $1.target) }
        func languages(_ codes: [String]) -> [ModelLanguage] { Set(codes).sorted().map { ModelLanguage(code: $0) } }
        return ModelLanguages(
            source: languages(prompts.map(\.source)), target: languages(prompts.map(\.target)), prompts: prompts)
    }
}
