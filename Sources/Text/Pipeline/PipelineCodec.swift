/// Text to ids and back as the `tokenizers` library does: normalise, cut, look up; then back by a chain of decoders.
struct PipelineCodec: TokenCodec {
    private let plan: TokenizerPlan
    private let table: TokenTable
    private let model: any TokenModel
    private let map: CharacterMap?
    /// Added tokens that are found before and after the text is normalised.
    private let before: AddedTokenSearch
    private let after: AddedTokenSearch
    private let specials: Set<Int>
    /// What the decoders see of added tokens that look otherwise when normalised.
    private let shown: [Int: [UInt8]]

    init(_ recipe: TokenizerRecipe, _ model: any TokenModel) throws(TextError) {
        plan = recipe.plan
        table = recipe.source
        self.model = model
        map = recipe.characterMap.flatMap { CharacterMap($0) }
        specials = Set(recipe.plan.specials)
        before = AddedTokenSearch(plan.added.filter { !$0.isNormalized }.map { ($0, Array($0.content.utf8)) })
        var normalized: [(token: AddedToken, text: [UInt8])] = []
        var shown: [Int: [UInt8]] = [:]
        for token in recipe.plan.added where token.isNormalized {
            var text = Array(token.content.utf8)
            for normalizer in recipe.plan.normalizers { text = try normalizer.apply(text, map) }
            normalized.append((token, text))
            shown[token.id] = text
        }
        after = AddedTokenSearch(normalized)
        self.shown = shown
    }

    func encode(_ text: Substring, _ body: (_ id: Int, _ piece: () -> String) -> Void) throws(TextError) {
        func token(_ id: Int, _ bytes: ArraySlice<UInt8>) { body(id) { String(decoding: bytes, as: UTF8.self) } }
        func cut(_ bytes: [UInt8], _ search: AddedTokenSearch) -> [AddedTokenSearch.Part] {
            search.isEmpty ? [.init(range: 0..<bytes.count, token: nil)] : search.parts(of: bytes)
        }
        let bytes = Array(text.utf8)
        let limit = Growth(bytes.count)
        for part in cut(bytes, before) {
            if let id = part.token {
                token(id, bytes[part.range])
                continue
            }
            var normalized = Array(bytes[part.range])
            for normalizer in plan.normalizers {
                normalized = try normalizer.apply(normalized, map)
                try limit.check(normalized.count)
            }
            for inner in cut(normalized, after) where !inner.range.isEmpty {
                if let id = inner.token {
                    token(id, normalized[inner.range])
                    continue
                }
                let isFirst = part.range.lowerBound == 0 && inner.range.lowerBound == 0
                var parts = [PreTokenizer.Part(bytes: Array(normalized[inner.range]), isFirst: isFirst)]
                for preTokenizer in plan.preTokenizers {
                    parts = preTokenizer.apply(parts)
                    try limit.check(parts.reduce(0) { $0 + $1.bytes.count })
                }
                for part in parts { model.encode(part.bytes) { token($0, part.bytes[$1]) } }
            }
        }
    }

    func decode(_ ids: [Int]) throws(TextError) -> String {
        var tokens = ids.compactMap { id -> [UInt8]? in
            if specials.contains(id) { return nil }
            return shown[id] ?? table.token(of: id).map { Array($0.utf8) }
        }
        if let decoders = plan.decoders {
            let limit = Growth(tokens.reduce(0) { $0 + $1.count })
            for decoder in decoders {
                tokens = decoder.apply(tokens)
                try limit.check(tokens.reduce(0) { $0 + $1.count })
            }
        } else {
            tokens = tokens.enumerated().map { $0 == 0 ? $1 : [0x20] + $1 }
        }
        var text = tokens.flatMap { $0 }
        if plan.cleansUp { text = TokenDecoder.cleaned(text, alsoDoNot: false) }
        return String(decoding: text, as: UTF8.self)
    }
}

/// What a text may grow to while it passes through the steps: a file from a stranger could double it again and again.
private struct Growth {
    private let limit: Int

    init(_ byteCount: Int) { limit = byteCount * 64 + (1 << 16) }

    func check(_ byteCount: Int) throws(TextError) {
        guard byteCount <= limit else {
            throw TextError(
                .tokenization, "the tokenizer's steps make \(byteCount) bytes of a text, more than the \(limit) allowed"
            )
        }
    }
}
