package import Tensors

/// All that a tokenizer of the hub is made of: what it does, and its tables, which can lie in a packed file.
package struct TokenizerRecipe: Sendable {
    package var plan: TokenizerPlan
    package var source: TokenTable
    /// Nil when both sides share the source's.
    package var target: TokenTable?
    /// Of a unigram model's tokens, by id.
    package var scores: Block<Double>?
    /// Of byte pair encoding: left, right and what they become, in the order of ranks.
    package var merges: Block<Int32>?
    /// What the merges join, when it is not tokens: their numbers are ids here.
    package var symbols: TokenTable?
    /// A SentencePiece model, whose pieces are looked up in the table.
    package var pieces: Block<UInt8>?
    /// SentencePiece's table of replacements.
    package var characterMap: Block<UInt8>?

    package init(plan: TokenizerPlan, source: TokenTable) {
        self.plan = plan
        self.source = source
    }

    /// The ids of `<0x00>` to `<0xFF>`; nil unless the vocabulary has them all.
    static func byteTokens(in table: TokenTable) -> [Int32]? {
        let digits = Array("0123456789ABCDEF")
        let ids = (0..<256).compactMap { table.id(of: "<0x\(digits[$0 / 16])\(digits[$0 % 16])>") }
        return ids.count == 256 ? ids.map(Int32.init) : nil
    }

    /// What is wrong with the tables, so that nothing leads out of them; nil when all is well.
    ///
    /// - Parameter size: Ids are below it.
    func problem(size: Int) -> String? {
        func isKnown(_ id: Int?) -> Bool { id.map { (0..<size).contains($0) } ?? true }
        if let triples = merges {
            if triples.count % 3 != 0 { return "its merges are no triples" }
            let range = 0..<Int32(symbols.map { ($0.ids.elements.last ?? -1) + 1 } ?? Int32(size))
            if !triples.elements.allSatisfy(range.contains) { return "a merge names a token that it does not have" }
        }
        if characterMap != nil, characterMap.flatMap({ CharacterMap($0) }) == nil {
            return "its table of replacements is damaged"
        }
        if plan.normalizers.contains(.characterMap), characterMap == nil { return "it has no table of replacements" }
        if !(plan.specials + plan.added.map(\.id)).allSatisfy(isKnown) {
            return "a special or added token has no row in the model"
        }
        for case .strip(_, let start, let stop) in plan.decoders ?? [] where start < 0 || stop < 0 {
            return "a step strips less than nothing"
        }
        switch plan.model {
        case .unigram(let unknown, _):
            guard let scores, scores.count <= size else { return "it has no scores, or more than tokens" }
            // A NaN is larger than nothing; an infinity makes all cuts equal.
            if !scores.elements.allSatisfy(\.isFinite) { return "a score is no finite number" }
            return isKnown(unknown) ? nil : "its unknown token has no id"
        case .bytePairs(let options): return isKnown(options.unknown) ? nil : "its unknown token has no id"
        case .wordPieces(let options): return isKnown(options.unknown) ? nil : "its unknown token has no id"
        case .sentencePiece(let options):
            if pieces == nil { return "it has no SentencePiece model" }
            return isKnown(options.unknown) ? nil : "its unknown token has no id"
        case .bytes(let offset): return offset >= 0 && offset <= size - 256 ? nil : "bytes have ids beyond the model's"
        case .characters(let unknown): return isKnown(unknown) ? nil : "its unknown token has no id"
        case .words(let options):
            if symbols == nil { return "it has no symbols" }
            return isKnown(options.unknown) ? nil : "its unknown token has no id"
        }
    }
}
