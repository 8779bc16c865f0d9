import Inference
import Text
import Translations

extension Preparation {
    /// The request's options with its texts and tokens as ids: for all segments, and for the first, which has the prefix.
    func options(_ options: SearchOptions) throws -> (all: DecodingOptions, first: DecodingOptions) {
        var all = DecodingOptions(options)
        for sequence in options.suppress ?? [] {
            all.suppressed.append(try ids(Tokens.split(sequence), in: targetVocabulary, "suppress"))
        }
        if options.disallowUnknown ?? true, let unknown = targetUnknown { all.suppressed.append([unknown]) }
        if let token = options.forceFirstToken {
            all.forcedFirstToken = try ids([token], in: targetVocabulary, "force_first_token")[0]
        }
        var first = all
        if let prefix = options.prefix { first.prefix = try targetIDs(prefix, "prefix") }
        return (all, first)
    }

    /// The unknown token, if outputs can have it: a target vocabulary of its own may lack it, and another token has its id.
    private var targetUnknown: Int? {
        let unknown = configuration.specials.unknown
        if let other = configuration.specials.targetUnknown { return other }
        guard unknown != configuration.specials.endOfSentence, let token = sourceVocabulary.token(of: unknown),
            targetVocabulary.token(of: unknown) == token
        else { return nil }
        return unknown
    }

    /// A source token that the vocabulary does not have is the unknown one, as it is when a text has it.
    func sourceIDs(_ tokens: [String]) -> [Int] {
        tokens.map { sourceVocabulary.id(of: $0) ?? configuration.specials.unknown }
    }

    func targetIDs(_ source: Source, _ role: String) throws -> [Int] {
        switch source {
        case .tokens(let tokens): return try ids(tokens, in: targetVocabulary, role)
        case .text(let text):
            guard let tokenizer else {
                throw TranslationError(.noTokenizer, "\(role) is text, and the model's folder has no tokenizer")
            }
            return try tokenizer.encodeTarget(text)
        }
    }

    private func ids(_ tokens: [String], in vocabulary: Vocabulary, _ role: String) throws -> [Int] {
        try tokens.map { token in
            guard let id = vocabulary.id(of: token) else {
                throw TranslationError(
                    .unknownToken, "\(role): \"\(token)\" is not in the model's vocabulary (\(vocabulary.name))")
            }
            return id
        }
    }
}
