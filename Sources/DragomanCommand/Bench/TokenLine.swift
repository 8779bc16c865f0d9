import JobModel

/// A request of `dragoman bench --tokens`: `tokens`, or `length<TAB>tokens`.
package struct TokenLine: Sendable, Equatable {
    /// How long the output is to be, exactly; in tokens without `</s>`.
    package let length: Int?
    /// Without a last `</s>`, which the engine adds.
    package let tokens: [String]

    /// - Throws: `RequestError` when a whole number before the tab cannot be a length. It is not taken for a token: the
    ///   figures would then be of outputs of another length than was asked for, and nobody would see it.
    package init(_ text: String) throws(RequestError) {
        let tab = text.unicodeScalars.firstIndex(of: "\t")
        if let tab, Self.isNumber(text[..<tab]) {
            length = try Self.length(text[..<tab])
            tokens = Self.tokens(text[tab...])
        } else {
            length = nil
            tokens = Self.tokens(text[...])
        }
    }

    private static func isNumber(_ text: Substring) -> Bool {
        let digits = text.utf8.dropFirst(text.hasPrefix("-") || text.hasPrefix("+") ? 1 : 0)
        return !digits.isEmpty && digits.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }

    /// How long an output can be is the model's to say; this is what a number can be.
    private static func length(_ number: Substring) throws(RequestError) -> Int {
        guard let length = Int(number), length >= 0 else {
            // Of a number without end, its beginning is enough.
            let shown = number.utf8.count > 40 ? "\(number.prefix(40))…" : String(number)
            throw RequestError(
                .invalidOption,
                "the length before the tab is \(shown), not a number from 0 to \(Int.max); give the number of tokens "
                    + "of the output, or leave it and the tab out")
        }
        return length
    }

    private static func tokens(_ text: Substring) -> [String] {
        var tokens = Tokens.split(String(text))
        if tokens.last == "</s>" { tokens.removeLast() }
        return tokens
    }
}
