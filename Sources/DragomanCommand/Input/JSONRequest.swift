import DragomanEngine
import Foundation
import JobModel

/// A request as a line of JSON: `{"text": "Hello.", "beam_size": 4}`.
package struct JSONRequest: Decodable {
    private var source: Source
    private var target: Source?
    private var options: SearchOptions
    private var languages: RequestLanguages
    private var glossary: Glossary?

    init(_ line: String) throws(RequestError) {
        self = try RequestError.decoding(line)
    }

    package init(from decoder: any Decoder) throws {
        let all = try decoder.container(keyedBy: JSONKey.self)
        if let unknown = all.allKeys.map(\.stringValue).filter({ !Self.keys.contains($0) }).min() {
            throw RequestError(.invalidRequest, "unknown key \"\(unknown)\"")
        }
        let values = try decoder.container(keyedBy: Key.self)
        let text = try values.decodeIfPresent(String.self, forKey: .text)
        let tokens = try values.decodeIfPresent([String].self, forKey: .tokens)
        switch (text, tokens) {
        case (let text?, nil): source = .text(text)
        case (nil, let tokens?): source = .tokens(tokens)
        case (nil, nil): throw RequestError(.invalidRequest, "neither \"text\" nor \"tokens\" is there")
        case (_?, _?): throw RequestError(.invalidRequest, "\"text\" and \"tokens\" exclude each other")
        }
        target = try values.decodeIfPresent(TextOrTokens.self, forKey: .target)?.source
        options = try SearchOptions(all)
        languages = RequestLanguages(
            source: try values.decodeIfPresent(String.self, forKey: .sourceLanguage),
            target: try values.decodeIfPresent(String.self, forKey: .targetLanguage))
        glossary = try Glossary.decoded(values, forKey: .glossary)
    }

    func request(
        defaults: SearchOptions, languages standard: RequestLanguages = RequestLanguages(),
        glossary usual: Glossary? = nil
    ) throws(RequestError) -> TranslationRequest {
        let merged = options.over(defaults)
        if let problem = merged.problem(named: \.key) { throw RequestError(.invalidOption, problem) }
        var request = TranslationRequest(source, options: merged, target: target, glossary: glossary ?? usual)
        languages.over(standard).set(&request)
        return request
    }

    /// The keys that a request has beside its options.
    package enum Key: String, CodingKey, CaseIterable {
        case text, tokens, target
        case sourceLanguage = "source_language"
        case targetLanguage = "target_language"
        case glossary
    }

    /// All keys that a request may have.
    package static let keys = Set(Key.allCases.map(\.rawValue) + SearchOption.table.map(\.name.key))
}

extension Glossary {
    /// An object with a target for each source: `{"cat": "matou"}`.
    static func decoded<Key>(_ values: KeyedDecodingContainer<Key>, forKey key: Key) throws -> Glossary? {
        guard let targets = try values.decodeIfPresent([String: String].self, forKey: key) else { return nil }
        // An object has no order.
        let entries = targets.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
        do {
            return try Glossary(entries.map { Entry(source: $0.key, target: $0.value) })
        } catch {
            let problem: GlossaryProblem = error
            let source = entries[problem.entry].key.prefix(80)
            throw RequestError(.invalidRequest, "\"\(key.stringValue)\", \"\(source)\": \(problem.reason)")
        }
    }
}

/// A string is text, an array of strings is the model's tokens.
struct TextOrTokens: Decodable {
    var source: Source

    init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer()
        if let text = try? value.decode(String.self) {
            source = .text(text)
        } else if let tokens = try? value.decode([String].self) {
            source = .tokens(tokens)
        } else {
            let key = decoder.codingPath.map(\.stringValue).joined(separator: ".")
            throw RequestError(.invalidRequest, "\"\(key)\" must be a string, or an array of strings (tokens)")
        }
    }
}
