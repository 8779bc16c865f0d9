internal import Checksums
internal import Documents
internal import Foundation
internal import JobModel
internal import Languages
internal import Translations

/// Glossaries (https://developers.deepl.com/api-reference/glossaries), which the broker keeps by their names. An id is made of
/// the name, so that those that `dragoman glossary add` has kept have one, too.
extension DeepL {
    private struct Summary: Encodable {
        let glossaryId: String
        let name: String
        let ready: Bool
        let sourceLang: String
        let targetLang: String
        let creationTime: String
        let entryCount: Int

        /// - Returns: nil for one that does not say its languages, which DeepL's all do.
        init?(_ glossary: NamedGlossary) {
            guard let source = glossary.languages.source, let target = glossary.languages.target else { return nil }
            glossaryId = DeepL.glossaryID(glossary.name)
            name = glossary.name
            ready = true
            sourceLang = source.lowercased()
            targetLang = target.lowercased()
            let seconds = Double(glossary.createdAt) / 1000
            creationTime = Date(timeIntervalSince1970: seconds).formatted(
                Date.ISO8601FormatStyle(includingFractionalSeconds: true))
            entryCount = glossary.termCount
        }
    }

    private struct List: Encodable {
        let glossaries: [Summary]
    }

    private struct Pairs: Encodable {
        struct Pair: Encodable {
            let sourceLang: String
            let targetLang: String
        }

        let supportedLanguages: [Pair]
    }

    /// The name of the glossary that a request gives the id of; nil: it gives none.
    func glossaryName(from source: String?, to target: String) async throws(GatewayError) -> String? {
        guard let id = try visit.fields.text("glossary_id") else { return nil }
        guard let source else {
            throw GatewayError(.missing("source_lang"), "source_lang is missing, which glossary_id needs")
        }
        let glossary = try await found(id)
        guard Self.agree(glossary.languages.source, source), Self.agree(glossary.languages.target, target) else {
            throw GatewayError(
                .invalid,
                "Value for 'glossary_id' not supported: the glossary is from \(glossary.languages.source ?? "any") to "
                    + "\(glossary.languages.target ?? "any"), and the request from \(source) to \(target)")
        }
        return glossary.name
    }

    /// Texts may be translated for pages of any origin. What is kept for others is not theirs to read or remove.
    func answer(_ operation: GlossaryOperation) async throws(GatewayError) -> WebResponse {
        try visit.checkOrigin()
        return switch operation {
        case .add: try await addGlossary()
        case .list: try await listGlossaries()
        case .one: try await glossary()
        case .entries: try await glossaryEntries()
        case .remove: try await removeGlossary()
        }
    }

    private func addGlossary() async throws(GatewayError) -> WebResponse {
        let fields = visit.fields
        func needed(_ name: String) throws(GatewayError) -> String {
            guard let text = try fields.text(name) else { throw GatewayError(.missing(name), "\(name) is missing") }
            return text
        }
        let name = try needed("name")
        guard name.utf8.count <= Limit.name else {
            throw GatewayError(
                .invalid, "Value for 'name' not supported: it has \(name.utf8.count) bytes; \(Limit.name) are the most")
        }
        var languages: [String] = []
        for field in ["source_lang", "target_lang"] {
            let code = try needed(field)
            guard let tag = LanguageTag(code) else {
                throw GatewayError(.invalid, "Value for '\(field)' not supported: \(code); write \(LanguageTag.form)")
            }
            languages.append(tag.description)
        }
        let word = try needed("entries_format")
        guard let format = GlossaryFormat(rawValue: word), format != .tbx else {
            throw GatewayError(.invalid, "Value for 'entries_format' not supported: \(word); use tsv or csv")
        }
        let entries = try needed("entries")
        let terms: Glossary
        do {
            terms = try GlossaryFile(Array(entries.utf8), name: "entries", format: format)
                .glossary(for: LanguagePair(source: languages[0], target: languages[1]))
        } catch {
            throw GatewayError(.invalid, "Invalid glossary entries provided: \(error.message)")
        }
        guard !terms.isEmpty else { throw GatewayError(.invalid, "Missing or invalid argument: entries has no entry") }
        let selection = LanguageSelection(source: languages[0], target: languages[1])
        let kept = try await keep(terms, named: name, between: selection)
        return WebResponse(201, snakeJSON: Summary(kept))
    }

    /// Names are one glossary's each here, and not at DeepL, whose clients give a new one an old one's name before they remove
    /// that: a name that there is gets a number.
    private func keep(
        _ terms: Glossary, named name: String, between languages: LanguageSelection
    ) async throws(GatewayError) -> NamedGlossary {
        let taken = Set(try await visit.gateway.interpreter.desk.glossaries().map(\.name))
        for number in 1...Self.namesakesMaximum {
            let end = number == 1 ? "" : " (\(number))"
            var start = Substring(name)
            while start.utf8.count + end.utf8.count > Limit.name { start = start.dropLast() }
            let candidate = String(start) + end
            guard !taken.contains(candidate) else { continue }
            let glossary = NamedGlossary(candidate, terms, languages: languages)
            if let kept = try await visit.gateway.interpreter.desk.keep(glossary) { return kept }
        }
        throw GatewayError(.conflict, "there are \(Self.namesakesMaximum) glossaries called \(name); remove some")
    }

    private static let namesakesMaximum = 1000

    private func listGlossaries() async throws(GatewayError) -> WebResponse {
        let glossaries = try await visit.gateway.interpreter.desk.glossaries()
        return WebResponse(200, snakeJSON: List(glossaries: glossaries.compactMap(Summary.init)))
    }

    private func glossary() async throws(GatewayError) -> WebResponse {
        guard let summary = Summary(try await asked()) else { throw Self.missing }
        return WebResponse(200, snakeJSON: summary)
    }

    private func glossaryEntries() async throws(GatewayError) -> WebResponse {
        let name = try await asked().name
        guard let terms = try await visit.gateway.interpreter.desk.glossary(named: name)?.glossary else {
            throw Self.missing
        }
        let lines = terms.entries.map { "\($0.source)\t\($0.target)" }.joined(separator: "\n")
        return WebResponse(200, text: Array(lines.utf8), type: "text/tab-separated-values; charset=utf-8")
    }

    private func removeGlossary() async throws(GatewayError) -> WebResponse {
        let name = try await asked().name
        guard try await visit.gateway.interpreter.desk.removeGlossary(named: name) else { throw Self.missing }
        return WebResponse(204)
    }

    func glossaryPairs() async throws(GatewayError) -> WebResponse {
        let map = try await visit.gateway.interpreter.models()
        // Only what one model translates: terms are not followed through another language.
        let pairs = map.sources.flatMap { source in
            map.targets.filter { (try? map.route(from: source, to: $0).count) == 1 }.map { target in
                Pairs.Pair(
                    sourceLang: source.description.lowercased(), targetLang: target.description.lowercased())
            }
        }
        return WebResponse(200, snakeJSON: Pairs(supportedLanguages: pairs))
    }

    private static let missing = GatewayError(.notFound, "Glossary not found: there is none with this glossary_id")

    private func asked() async throws(GatewayError) -> NamedGlossary { try await found(visit.parameters.first ?? "") }

    /// - Parameter id: Or the name itself.
    private func found(_ id: String) async throws(GatewayError) -> NamedGlossary {
        let glossaries = try await visit.gateway.interpreter.desk.glossaries()
        guard
            let glossary = glossaries.first(where: { Self.glossaryID($0.name) == id.lowercased() })
                ?? glossaries.first(where: { $0.name == id })
        else { throw Self.missing }
        return glossary
    }

    /// Written as a UUID.
    private static func glossaryID(_ name: String) -> String {
        var digest = SecureDigest(.sha256)
        digest.add("dragoman glossary\n\(name)")
        var rest = digest.text.prefix(32)
        return [8, 4, 4, 4, 12].map { count in
            defer { rest = rest.dropFirst(count) }
            return String(rest.prefix(count))
        }.joined(separator: "-")
    }

    /// Of two languages either may say more; one that is not given may be any.
    private static func agree(_ first: String?, _ second: String) -> Bool {
        guard let first = first.flatMap({ LanguageTag($0) }), let second = LanguageTag(second) else { return true }
        return first.distance(from: second) != nil || second.distance(from: first) != nil
    }
}
