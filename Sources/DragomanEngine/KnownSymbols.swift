import Text

/// Which scalars a model's vocabulary has, looked up once each while a request is prepared.
struct KnownSymbols {
    private let tokenizer: Tokenizer
    private let unknown: Int
    private var found: [Unicode.Scalar: Bool] = [:]

    init(_ tokenizer: Tokenizer, unknown: Int) {
        self.tokenizer = tokenizer
        self.unknown = unknown
    }

    /// The protected spans of a text.
    mutating func spans(in text: Substring) throws -> [ProtectedSpan] {
        try ProtectedSpan.spans(in: text) { try isKnown($0) }
    }

    /// Some vocabularies have a letter only where a word goes on before or after it.
    private mutating func isKnown(_ symbol: Unicode.Scalar) throws -> Bool {
        if let known = found[symbol] { return known }
        // What a normalizer makes nothing of is not known either.
        let known =
            try !tokenizer.encode("\(symbol)").isEmpty
            && ["\(symbol)", "a\(symbol)", "\(symbol)a", "\(symbol)\(symbol)"].contains {
                try !tokenizer.encode($0[...]).contains(unknown)
            }
        found[symbol] = known
        return known
    }
}
