import Text

/// Which scalars a model's vocabulary has, looked up once each while a request is prepared.
struct KnownSymbols {
    private let tokenizer: Tokenizer
    private let unknown: Int
    private var found: [Unicode.Scalar: Bool] = [:]
    private var plainForms: [Unicode.Scalar: String?] = [:]

    init(_ tokenizer: Tokenizer, unknown: Int) {
        self.tokenizer = tokenizer
        self.unknown = unknown
    }

    /// The protected spans of a text.
    mutating func spans(in text: Substring) throws -> [ProtectedSpan] {
        try ProtectedSpan.spans(in: text) { symbol in
            if try isKnown(symbol) { return true }
            return try plainForm(of: symbol) != nil
        }
    }

    /// The edits that give a stretch of text plain forms of those characters that the vocabulary lacks and has a plain form of.
    ///
    /// - Parameter offset: where the stretch begins, in bytes.
    mutating func plainEdits(_ text: Substring, at offset: Int) throws -> [TextEdit] {
        if text.utf8.allSatisfy({ $0 < 0x80 }) { return [] }
        var edits: [TextEdit] = []
        var offset = offset
        for scalar in text.unicodeScalars {
            let end = offset + UTF8.width(scalar)
            if let plain = try plainForm(of: scalar) { edits.append(TextEdit(range: offset..<end, replacement: plain)) }
            offset = end
        }
        return edits
    }

    /// What is written for a scalar that the vocabulary lacks; nil where it has the scalar, or not the plain form either.
    private mutating func plainForm(of scalar: Unicode.Scalar) throws -> String? {
        guard let plain = scalar.plainForm else { return nil }
        if let known = plainForms[scalar] { return known }
        let form = try isLacking("\(scalar)") && !isLacking(plain) ? plain : nil
        plainForms[scalar] = .some(form)
        return form
    }

    /// Some vocabularies have a letter only where a word goes on before or after it.
    private mutating func isKnown(_ symbol: Unicode.Scalar) throws -> Bool {
        if let known = found[symbol] { return known }
        // What a normalizer makes nothing of is not known either.
        let known = try !tokenizer.encode("\(symbol)").isEmpty && !isLacking("\(symbol)")
        found[symbol] = known
        return known
    }

    /// Whether a text has the unknown token wherever it stands.
    private func isLacking(_ text: String) throws -> Bool {
        try ![text, "a\(text)", "\(text)a", "\(text)\(text)"].contains {
            try !tokenizer.encode($0[...]).contains(unknown)
        }
    }
}
