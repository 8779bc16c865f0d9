internal import Foundation
internal import Inference
internal import Languages

/// The frames and languages of BART's kin, as their tokenizers have them (`models/*/tokenization_*.py`).
enum BartLanguages {
    /// A source that ends with the end of the sentence, and no languages.
    @Sendable static func none(
        _ model: HubModel, _ configuration: ModelConfiguration
    ) throws(ModelError) -> FramedLanguages {
        FramedLanguages(framing: configuration.framing)
    }

    /// Sources begin with `<s>`.
    @Sendable static func bart(
        _ model: HubModel, _ configuration: ModelConfiguration
    ) throws(ModelError) -> FramedLanguages {
        let begin = try model.token("bos_token_id", below: configuration.sourceVocabularySize, usual: 0)
        var framing = configuration.framing
        framing.sourcePrefix = [.token(begin)]
        return FramedLanguages(framing: framing)
    }

    /// Its tokenizer adds nothing.
    @Sendable static func blenderbotSmall(
        _ model: HubModel, _ configuration: ModelConfiguration
    ) throws(ModelError) -> FramedLanguages {
        FramedLanguages(framing: Framing(decoderStart: configuration.framing.decoderStart))
    }

    /// The pair is in the configuration.
    @Sendable static func fsmt(
        _ model: HubModel, _ configuration: ModelConfiguration
    ) throws(ModelError) -> FramedLanguages {
        var pair: [String] = []
        if case .array(let codes)? = model.tokenizer?["langs"] ?? model.settings["langs"] {
            for case .string(let code) in codes { pair.append(code) }
        }
        guard pair.count == 2 else { return FramedLanguages(framing: configuration.framing) }
        return FramedLanguages(
            framing: configuration.framing, languages: ModelLanguages(source: pair[0], target: pair[1]))
    }

    /// mBART-50 names the source before its text, and forces the target; mBART-25 names the source after its text, and the
    /// decoder starts with the target.
    @Sendable static func mbart(
        _ model: HubModel, _ configuration: ModelConfiguration
    ) throws(ModelError) -> FramedLanguages {
        let size = configuration.sourceVocabularySize
        let end = Framing.Slot.token(configuration.specials.endOfSentence)
        var tokens = try LanguageTokens.named(in: model, size: size) { LanguageCodes.mbart50.contains($0) }
        var is50 = LanguageCodes.mbart50.dropFirst(LanguageCodes.mbart25.count).contains { tokens[$0] != nil }
        if tokens.isEmpty {
            // Without a list of tokens the sizes of the two published vocabularies tell: the codes are last, but for <mask>.
            let codes =
                size == LanguageCodes.mbart25Size ? LanguageCodes.mbart25 : LanguageCodes.mbart50
            if [LanguageCodes.mbart25Size, LanguageCodes.mbart50Size].contains(size) {
                for (index, code) in codes.enumerated() { tokens[code] = size - 1 - codes.count + index }
            }
            is50 = size == LanguageCodes.mbart50Size
        }
        if let named = try model.tokenizerClass() {
            if named.hasPrefix("MBart50") { is50 = true } else if named.hasPrefix("MBart") { is50 = false }
        }
        guard !tokens.isEmpty else { return FramedLanguages(framing: configuration.framing) }
        // Regions in these codes only tell where a corpus came from: `de_DE` is German.
        let languages = tokens.sorted { $0.value < $1.value }.map { code, token in
            ModelLanguage(code: code, tag: LanguageTag.canonical(String(code.prefix(2))), token: token)
        }
        let framing =
            is50
            ? Framing(
                sourcePrefix: [.sourceLanguage], sourceSuffix: [end], decoderStart: configuration.framing.decoderStart,
                forcedFirst: .targetLanguage)
            : Framing(sourceSuffix: [end, .sourceLanguage], decoderStart: .targetLanguage)
        return try framed(model, framing, languages, start: configuration.framing.decoderStart)
    }

    /// Programming languages, and English: the source's name after its text, and the decoder starts with the target's.
    @Sendable static func plbart(
        _ model: HubModel, _ configuration: ModelConfiguration
    ) throws(ModelError) -> FramedLanguages {
        let size = configuration.sourceVocabularySize
        let isMulti = try model.tokenizer?.string("language_codes") == "multi"
        let codes = isMulti ? LanguageCodes.plbartMulti : LanguageCodes.plbart
        let tokens = try LanguageTokens.named(in: model, size: size) { codes.map { "__\($0)__" }.contains($0) }
        guard size > codes.count + 1 else { return FramedLanguages(framing: configuration.framing) }
        let languages = codes.enumerated().map { index, code in
            // The codes are last but for <mask>.
            ModelLanguage(
                code: code, tag: code == "en_XX" ? "en" : code,
                token: tokens["__\(code)__"] ?? size - 1 - codes.count + index)
        }
        let framing = Framing(
            sourceSuffix: [.token(configuration.specials.endOfSentence), .sourceLanguage],
            decoderStart: .targetLanguage)
        return try framed(model, framing, languages, start: configuration.framing.decoderStart)
    }

    /// M2M-100, NLLB-200 and SMaLL-100, whose files are of one family.
    @Sendable static func m2m100(
        _ model: HubModel, _ configuration: ModelConfiguration
    ) throws(ModelError) -> FramedLanguages {
        let named = try model.tokenizerClass() ?? ""
        let isNLLB = named.hasPrefix("Nllb") || (named.isEmpty && !model.folder.contains("vocab.json"))
        return isNLLB ? try nllb(model, configuration) : try m2m(model, configuration)
    }

    /// The source is named before its text, or after it where the tokenizer has its former behaviour.
    static func nllb(
        _ model: HubModel, _ configuration: ModelConfiguration
    ) throws(ModelError) -> FramedLanguages {
        let languages = try nllbLanguages(model, configuration.sourceVocabularySize)
        if languages.isEmpty { return FramedLanguages(framing: configuration.framing) }
        let end = Framing.Slot.token(configuration.specials.endOfSentence)
        let isLegacy = try model.tokenizer?.boolean("legacy_behaviour") ?? false
        let framing = Framing(
            sourcePrefix: isLegacy ? [] : [.sourceLanguage], sourceSuffix: isLegacy ? [end, .sourceLanguage] : [end],
            decoderStart: configuration.framing.decoderStart, forcedFirst: .targetLanguage)
        return try framed(model, framing, languages, start: nil)
    }

    /// M2M-100, whose sources begin with their language; and SMaLL-100, which has no use for it: its sources begin with
    /// the target's.
    ///
    /// - Parameter isSmall: Whether it is SMaLL-100, if that is known otherwise than by the tokenizer's files.
    static func m2m(
        _ model: HubModel, _ configuration: ModelConfiguration, isSmall: Bool = false
    ) throws(ModelError) -> FramedLanguages {
        let named = try model.tokenizerClass() ?? ""
        let isSmall =
            isSmall || named.hasPrefix("SMALL100") || named.hasPrefix("SMaLL100")
            || model.folder.contains("tokenization_small100.py")
        let framing = Framing(
            sourcePrefix: [isSmall ? .targetLanguage : .sourceLanguage],
            sourceSuffix: [.token(configuration.specials.endOfSentence)],
            decoderStart: configuration.framing.decoderStart, forcedFirst: isSmall ? nil : .targetLanguage)
        return try framed(model, framing, try m2mLanguages(model, configuration.sourceVocabularySize), start: nil)
    }

    /// - Parameter start: What the files say that the decoder starts with: a default where that is a language.
    private static func framed(
        _ model: HubModel, _ framing: Framing, _ languages: [ModelLanguage], start: Framing.Slot?
    ) throws(ModelError) -> FramedLanguages {
        func code(_ key: String) throws(ModelError) -> String? {
            guard let text = try model.tokenizer?.string(key) else { return nil }
            let bare = text.hasPrefix("__") && text.hasSuffix("__") ? String(text.dropFirst(2).dropLast(2)) : text
            return languages.contains { $0.code == bare } ? bare : nil
        }
        var target = try code("tgt_lang")
        if case .token(let id)? = start { target = languages.first { $0.token == id }?.code ?? target }
        return FramedLanguages(
            framing: framing,
            languages: ModelLanguages(all: languages, defaultSource: try code("src_lang"), defaultTarget: target),
            hidden: languages.compactMap(\.token))
    }

    private static func nllbLanguages(_ model: HubModel, _ size: Int) throws(ModelError) -> [ModelLanguage] {
        // Every added token of that form: tunings bring languages of their own.
        var tokens = try LanguageTokens.named(in: model, size: size) { code in
            let parts = code.split(separator: "_")
            return parts.count == 2 && parts[0].count == 3 && parts[1].count == 4 && LanguageTag(code) != nil
        }
        if tokens.isEmpty, size == LanguageCodes.nllbSize {
            for (index, code) in LanguageCodes.nllb.enumerated() { tokens[code] = LanguageCodes.nllbFirst + index }
        }
        return tokens.sorted { $0.value < $1.value }.map { ModelLanguage(code: $0.key, token: $0.value) }
    }

    /// The codes come after the vocabulary's entries.
    private static func m2mLanguages(_ model: HubModel, _ size: Int) throws(ModelError) -> [ModelLanguage] {
        let codes =
            try model.tokenizer?.string("language_codes") == "wmt21" ? LanguageCodes.wmt21 : LanguageCodes.m2m100
        let named = try LanguageTokens.named(in: model, size: size) { token in
            token.hasPrefix("__") && token.hasSuffix("__") && (6...7).contains(token.utf8.count)
        }
        if model.tokens != nil {
            return named.sorted { $0.value < $1.value }.map { token, id in
                ModelLanguage(code: String(token.dropFirst(2).dropLast(2)), token: id)
            }
        }
        var first = size - 8 - codes.count
        if model.folder.contains("vocab.json") { first = try FamilyVocabulary.entries("vocab.json", model, size).count }
        return try codes.enumerated().map { (index, code) throws(ModelError) in
            let token = named["__\(code)__"] ?? first + index
            guard (0..<size).contains(token) else {
                throw ModelError(
                    .contradiction, file: model.settings.file, "the model has no room for the language \(code)",
                    expected: "a vocab_size above \(token)", found: "\(size)")
            }
            return ModelLanguage(code: code, token: token)
        }
    }
}
