import Inference
import Languages
import ModelFormats
import Text

/// Finds what a request's languages are to a model: in the model's own codes or as people write them, in any case.
struct LanguageChoice: Sendable {
    let languages: ModelLanguages
    let framing: Framing
    /// The token that the model's settings force where a request names no language.
    let forcedFirstToken: Int?

    /// The languages that the settings name are those of a model whose files name none.
    init(_ bundle: ModelBundle, _ settings: Translator.Settings) {
        languages =
            bundle.languages.source.isEmpty && bundle.languages.target.isEmpty
            ? ModelLanguages(source: settings.sourceLanguage, target: settings.targetLanguage) : bundle.languages
        framing = bundle.configuration.framing
        forcedFirstToken = bundle.defaults.forcedFirstToken
    }

    /// - Parameters:
    ///   - marked: The target that the text itself names, which goes before the request's.
    ///   - namesTarget: Whether the tokens themselves name their target, so that nothing is to be added or missed.
    /// - Throws: `TranslationError` when a language is not the model's, is one of several, or is missing.
    func direction(
        source: String?, target: String?, marked: ModelLanguage? = nil, namesTarget: Bool = false
    ) throws(TranslationError) -> Direction {
        if source != nil || target != nil, languages.source.isEmpty, languages.target.isEmpty {
            throw TranslationError(
                .unknownLanguage, "the model's files do not say which languages it translates; leave the languages out")
        }
        if !languages.prompts.isEmpty { return try prompted(source: source, target: target) }
        let from = try source.map { text throws(TranslationError) in try language(text, .source) } ?? usual(.source)
        let wanted = try target.map { text throws(TranslationError) in try language(text, .target) }
        let into = marked ?? (namesTarget ? nil : wanted ?? usual(.target))
        if from?.token == nil { try require(.source) }
        if into?.token == nil, !namesTarget { try require(.target) }
        // A decoder that starts with a language has been seen to have one.
        guard let frame = framing.frame(sourceLanguage: from?.token, targetLanguage: into?.token) else {
            throw missing(.target)
        }
        return Direction(
            frame: frame, source: from?.tag ?? languages.onlySource ?? source.map(LanguageTag.canonical),
            target: into?.tag ?? languages.onlyTarget ?? target.map(LanguageTag.canonical))
    }

    /// - Throws: `TranslationError` when a language is not the model's, or is one of several.
    func check(source: String?, target: String?) throws(TranslationError) {
        if let source { _ = try language(source, .source) }
        if let target { _ = try language(target, .target) }
    }

    /// The language that a text begins with, in the model's form, after blanks perhaps, and the rest of the text; nil when
    /// it begins otherwise.
    ///
    /// - Throws: `TranslationError` when it has that form, and the model does not have the language.
    func marked(_ text: Substring) throws(TranslationError) -> (language: ModelLanguage, rest: Substring)? {
        guard let marker = languages.marker else { return nil }
        let text = text.drop(while: \.isWhitespace)
        guard text.utf8.starts(with: marker.open.utf8) else { return nil }
        let rest = text.dropFirst(marker.open.count)
        guard let end = rest.utf8.firstRange(of: marker.close.utf8) else { return nil }
        let code = rest[..<end.lowerBound]
        // The blank after it is no part of the text.
        let body = rest[end.upperBound...].drop { $0.isWhitespace && !$0.isNewline }
        if let own = languages.target.first(where: { $0.code.utf8.elementsEqual(code.utf8) }) {
            return (own, body)
        }
        guard LanguageTag(code) != nil else { return nil }
        return (try language(String(code), .target), body)
    }

    /// Whether a token is one that a text of the model begins with to name its language.
    func names(_ token: String?) -> Bool {
        guard let token, let marker = languages.marker else { return false }
        return languages.target.contains {
            (marker.open + $0.code + marker.close).utf8.elementsEqual(token.utf8)
        }
    }
}

extension LanguageChoice {
    private enum Side {
        case source
        case target

        var flag: String { self == .source ? "source_language" : "target_language" }
    }

    private func list(_ side: Side) -> [ModelLanguage] { side == .source ? languages.source : languages.target }

    /// - Returns: nil for a side of which the files say nothing: any language is taken at its word.
    private func language(_ text: String, _ side: Side) throws(TranslationError) -> ModelLanguage {
        let offered = list(side)
        guard !offered.isEmpty else { return ModelLanguage(code: text) }
        // The model's own code says it exactly.
        let code = LanguageTag.bare(text)
        if let own = offered.first(where: { $0.code.lowercased() == code }) { return own }
        guard let tag = LanguageTag(text) ?? LanguageTag(code) else {
            throw unknown(text, side, "is not a language code")
        }
        let tags = offered.compactMap { LanguageTag($0.tag) }
        switch LanguageMatch(for: tag, among: tags) {
        case .one(let found):
            // Of several spellings of one language the first is the model's main one.
            if let language = offered.first(where: { LanguageTag($0.tag) == found }) { return language }
            throw unknown(text, side, "is not among the model's languages")
        case .none: throw unknown(text, side, "is not among the model's languages")
        case .several(let found):
            throw unknown(text, side, "may be \(found.map(\.description).joined(separator: " or "))")
        }
    }

    /// The language that is meant where a request names none.
    private func usual(_ side: Side) -> ModelLanguage? {
        let offered = list(side)
        let code = side == .source ? languages.defaultSource : languages.defaultTarget
        if let code, let language = offered.first(where: { $0.code == code }) { return language }
        if side == .target, let forced = forcedFirstToken, framing.forcedFirst == .targetLanguage {
            return offered.first { $0.token == forced }
        }
        return offered.count == 1 && languages.marker == nil ? offered[0] : nil
    }

    /// Checks that a side which has to be named needs no name after all.
    private func require(_ side: Side) throws(TranslationError) {
        let slot: Framing.Slot = side == .source ? .sourceLanguage : .targetLanguage
        let isChosen = list(side).count > 1 && list(side).contains { $0.token != nil }
        if framing.slots.contains(slot), isChosen || framing.decoderStart == slot { throw missing(side) }
    }

    private func prompted(source: String?, target: String?) throws(TranslationError) -> Direction {
        // A decoder of such a model starts with a token of its own.
        guard let frame = framing.frame() else { throw missing(.target) }
        if source == nil, target == nil { return Direction(frame: frame) }
        let from = try source.map { text throws(TranslationError) in try language(text, .source) }
        let into = try target.map { text throws(TranslationError) in try language(text, .target) }
        let fitting = languages.prompts.filter {
            (from == nil || $0.source == from?.code) && (into == nil || $0.target == into?.code)
        }
        let pairs = languages.prompts.map { "\($0.source) to \($0.target)" }.joined(separator: ", ")
        guard let prompt = fitting.first, fitting.count == 1 else {
            throw TranslationError(
                fitting.isEmpty ? .unknownLanguage : .missingLanguage,
                (fitting.isEmpty
                    ? "the model does not translate \(source ?? "any language") to \(target ?? "any language")"
                    : "name both languages, source_language and target_language") + "; it translates \(pairs)")
        }
        return Direction(frame: frame, prompt: prompt.text, source: prompt.source, target: prompt.target)
    }

    private func unknown(_ text: String, _ side: Side, _ problem: String) -> TranslationError {
        TranslationError(
            .unknownLanguage, "\(side.flag): \"\(text.prefix(40))\" \(problem); there \(offer(side))")
    }

    private func missing(_ side: Side) -> TranslationError {
        TranslationError(
            .missingLanguage,
            "\(side.flag) is not given, and the model \(side == .source ? "reads" : "writes") several languages; there "
                + offer(side))
    }

    /// What there is, as people write it, with the model's own code where that is another.
    private func offer(_ side: Side) -> String {
        let offered = list(side)
        let names = offered.map { $0.code == $0.tag ? $0.tag : "\($0.tag) (\($0.code))" }
        return (offered.count == 1 ? "is " : "are ") + names.joined(separator: ", ")
    }
}
