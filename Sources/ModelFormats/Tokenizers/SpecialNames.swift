/// The special tokens that `tokenizer_config.json` and `special_tokens_map.json` name.
struct SpecialNames {
    private static let keys = [
        "bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token",
    ]
    private static let lists = ["additional_special_tokens", "extra_special_tokens"]

    private var names: [ExactString: String] = [:]
    /// Those without a role of their own.
    private(set) var others: [String] = []
    /// Tokens of `added_tokens_decoder` that are special.
    private(set) var decoded: [String] = []
    private let file: String

    init(_ folder: ModelFolder, _ settings: Settings?) throws(ModelError) {
        file = folder.path("tokenizer_config.json")
        // The former stands above the latter.
        for settings in [try folder.settingsIfPresent("special_tokens_map.json"), settings].compactMap({ $0 }) {
            for key in Self.keys {
                if let name = try Self.name(settings[key], key, settings.file) { names[ExactString(key)] = name }
            }
            for key in Self.lists {
                switch settings[key] {
                case .array(let elements):
                    for element in elements {
                        if let name = try Self.name(element, key, settings.file) { others.append(name) }
                    }
                case .object(let members):
                    for member in members.sorted(by: { $0.key.text < $1.key.text }) {
                        if let name = try Self.name(member.value, key, settings.file) { others.append(name) }
                    }
                default: break
                }
            }
        }
        if case .object(let tokens) = settings?["added_tokens_decoder"] {
            for (_, token) in tokens.sorted(by: { (Int($0.key.text) ?? 0) < (Int($1.key.text) ?? 0) }) {
                guard case .object(let members) = token, case .string(let content) = members["content"],
                    members["special"] == .boolean(true)
                else { continue }
                decoded.append(content)
            }
        }
    }

    /// The token of a role (`eos_token`), or what its family calls it.
    func name(_ role: String, _ usual: String) -> String { names[ExactString(role)] ?? usual }

    /// All that are named.
    var all: [String] { Self.keys.compactMap { names[ExactString($0)] } + decoded + others }

    /// A token: its text, or an object that holds it under `content` (`AddedToken`).
    private static func name(_ value: JSONValue?, _ key: String, _ file: String) throws(ModelError) -> String? {
        switch value {
        case nil, .null: return nil
        case .string(let text): return text
        case .object(let members):
            if case .string(let text) = members["content"] { return text }
        default: break
        }
        throw ModelError(
            .invalidValue, file: file, "\(key) has a value that it cannot have",
            expected: "a token, or an object that holds one as content", found: value?.summary)
    }
}
