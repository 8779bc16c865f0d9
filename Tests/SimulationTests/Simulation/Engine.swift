import JobModel

/// What becomes of a text on a worker. A mark in the text says so, as far as chance does not.
enum Nature: UInt8, CaseIterable {
    case plain = 0
    /// Kills its worker, always.
    case poison = 0x21
    /// Kills its worker every other time.
    case shaky = 0x3F
    /// Cannot be translated.
    case hopeless = 0x23
    /// Fails every other time.
    case moody = 0x7E
    /// Takes longer than a lease.
    case slow = 0x40

    static func of(_ source: Source) -> Nature {
        switch source {
        case .text(let text): text.utf8.lazy.compactMap { Self.marks[Int($0)] }.first ?? .plain
        case .tokens(let tokens): tokens.lazy.map { of(.text($0)) }.first { $0 != .plain } ?? .plain
        }
    }

    private static let marks: [Nature?] = (0..<256).map { $0 == 0 ? nil : Nature(rawValue: UInt8($0)) }
}

/// The translation: a function of the text, the model and the languages that deals with each character by itself, so
/// that the pieces of a document, put together, are the whole's.
enum Engine {
    static func translation(of source: Source, by engine: String) -> String {
        switch source {
        case .text(let text): String(decoding: text.utf8.map { rotated($0, shift(engine)) }, as: UTF8.self)
        case .tokens(let tokens):
            String(decoding: tokens.joined(separator: " ").utf8.map { rotated($0, shift(engine)) }, as: UTF8.self)
        }
    }

    /// What translates with a model between languages; those of a model of one pair are its own.
    static func name(_ model: String, _ languages: LanguageSelection) -> String {
        guard model == "many" else { return model }
        func first(_ language: String?) -> String { String((language ?? "").lowercased().prefix(2)) }
        return "\(model) \(first(languages.source))>\(first(languages.target))"
    }

    static func output(of source: Source, by engine: String) -> Output {
        Output(hypotheses: [.init(text: translation(of: source, by: engine), score: -1)])
    }

    private static func shift(_ engine: String) -> UInt8 {
        UInt8(engine.utf8.reduce(0) { ($0 * 7 + Int($1)) % 25 } + 1)
    }

    private static func rotated(_ byte: UInt8, _ shift: UInt8) -> UInt8 {
        switch byte {
        case 0x61...0x7A: (byte - 0x61 + shift) % 26 + 0x61
        default: byte
        }
    }
}
