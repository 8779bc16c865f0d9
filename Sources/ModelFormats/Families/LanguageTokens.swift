internal import Inference

/// Finds the tokens that name languages among a model's, or among those that its tokenizer's files list.
enum LanguageTokens {
    /// - Parameters:
    ///   - size: The model's vocabulary.
    ///   - isWanted: Whether a token is a language's.
    /// - Returns: The wanted tokens' ids; empty when no file lists any.
    static func named(
        in model: HubModel, size: Int, where isWanted: (String) -> Bool
    ) throws(ModelError) -> [String: Int] {
        let all: Entries
        if let entries = model.tokens {
            all = entries.map { ($0.piece, $0.id) }
        } else if let entries = try inTokenizer(model) {
            all = entries
        } else if let entries = inTokenizerSettings(model) {
            all = entries
        } else {
            all = try inAddedTokens(model)
        }
        return Dictionary(
            all.filter { (0..<size).contains($0.id) && isWanted($0.token) }.map { ($0.token, $0.id) },
            uniquingKeysWith: { first, _ in first })
    }

    private typealias Entries = [(token: String, id: Int)]

    /// `tokenizer.json`, the authority where it is there.
    private static func inTokenizer(_ model: HubModel) throws(ModelError) -> Entries? {
        let name = "tokenizer.json"
        guard model.folder.contains(name) else { return nil }
        var entries: Entries = []
        let bytes = try model.folder.bytes(name, byteCountMax: ModelFolder.vocabularyBytesMax)
        var scanner = JSONScanner(bytes, file: model.folder.path(name))
        try scanner.object { (key, scanner) throws(ModelError) in
            guard key == "added_tokens", try scanner.kind() == .array else { return try scanner.skipValue() }
            try scanner.array { (scanner) throws(ModelError) in
                guard case .object(let members) = try JSONValue(&scanner),
                    case .string(let content)? = members["content"], case .integer(let id)? = members["id"]
                else { return }
                entries.append((content, id))
            }
        }
        return entries
    }

    /// `added_tokens_decoder` in `tokenizer_config.json`: ids, each with its token.
    private static func inTokenizerSettings(_ model: HubModel) -> Entries? {
        guard case .object(let tokens)? = model.tokenizer?["added_tokens_decoder"] else { return nil }
        return tokens.compactMap { id, token in
            guard let id = Int(id.text), case .object(let members) = token,
                case .string(let content)? = members["content"]
            else { return nil }
            return (content, id)
        }
    }

    /// `added_tokens.json`: tokens and their ids.
    private static func inAddedTokens(_ model: HubModel) throws(ModelError) -> Entries {
        guard let settings = try model.folder.settingsIfPresent("added_tokens.json") else { return [] }
        return settings.members.compactMap { token, id in
            if case .integer(let id) = id { (token, id) } else { nil }
        }
    }
}
