internal import CLanguageDetection
package import Languages

/// Which of the languages at hand a text is in.
package struct LanguageDetector: Sendable {
    package struct Guess: Sendable, Hashable {
        package var language: LanguageTag
        /// How much of the text, 0 to 100; 0: nothing was recognised.
        package var confidence: Double

        package init(_ language: LanguageTag, confidence: Double) {
            self.language = language
            self.confidence = confidence
        }
    }

    /// So much of a text says what its language is.
    private static let bytesMaximum = 64 << 10

    package init() {}

    /// The likeliest first.
    ///
    /// - Parameter candidates: Only these come into question.
    package func guesses(_ text: String, among candidates: [LanguageTag]) -> [Guess] {
        let hint = candidates.map(\.language).joined(separator: ",")
        var found = [cld_guess](repeating: cld_guess(), count: Int(cld_guess_count))
        var isReliable = false
        var text = Self.prefix(text)
        let count = text.withUTF8 { bytes in
            bytes.withMemoryRebound(to: CChar.self) { bytes in
                guard let start = bytes.baseAddress else { return 0 }
                return hint.withCString { cld_detect(start, bytes.count, $0, &found, &isReliable) }
            }
        }
        var guesses: [Guess] = []
        for guess in found.prefix(count) {
            guard let tag = LanguageTag(String(cString: guess.language)) else { continue }
            let match: LanguageTag? =
                switch LanguageMatch(for: tag, among: candidates) {
                case .none: nil
                case .one(let language): language
                case .several(let languages): languages.min { $0.description < $1.description }
                }
            guard let match, !guesses.contains(where: { $0.language == match }) else { continue }
            guesses.append(Guess(match, confidence: Double(guess.percent)))
        }
        return guesses
    }

    /// The likeliest. Where nothing is recognised, English if it is a candidate, else the first; nil: there are no candidates.
    package func guess(_ text: String, among candidates: [LanguageTag]) -> Guess? {
        if let guess = guesses(text, among: candidates).first { return guess }
        let fallback = candidates.first { $0.language == "en" } ?? candidates.first
        return fallback.map { Guess($0, confidence: 0) }
    }

    private static func prefix(_ text: String) -> String {
        guard text.utf8.count > bytesMaximum else { return text }
        let end = text.utf8.index(text.startIndex, offsetBy: bytesMaximum)
        // Down to the beginning of the character that the limit may be in.
        return String(text[..<text.unicodeScalars.index(after: text.unicodeScalars.index(before: end))])
    }
}
