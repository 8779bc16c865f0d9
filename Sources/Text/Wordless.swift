/// What a stretch of text is made of, as far as translating it goes.
package enum Wordless: Sendable {
    /// Neither letters nor digits: symbols, emoji, lines of dashes.
    case symbols
    /// Digits and no letters: dates, times, amounts.
    case numbers

    /// - Returns: nil for text that has a letter.
    package init?(_ text: Substring) {
        var hasNumber = false
        for scalar in text.unicodeScalars {
            if scalar.isLetter { return nil }
            hasNumber = hasNumber || scalar.properties.numericType != nil
        }
        self = hasNumber ? .numbers : .symbols
    }
}
