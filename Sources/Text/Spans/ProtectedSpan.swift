/// A stretch of a text that is no language: it means the same, and is written the same, in every translation.
package struct ProtectedSpan: Sendable, Equatable {
    package enum Kind: String, Sendable, CaseIterable {
        /// What a program puts a value in the place of: `%1$s`, `{count}`, `{{name}}`, `$t(key)`, a message of ICU.
        case placeholder
        /// `&nbsp;`
        case entity
        /// Text between grave accents.
        case code
        case url
        case email
        /// The name or path of a file.
        case file
        case hashtag
        /// `@name`
        case mention
        /// The mark of a footnote: `[3]`
        case note
        /// What a vocabulary lacks, and emoji.
        case symbol
    }

    package let kind: Kind
    package let text: Substring

    package init(_ kind: Kind, _ text: Substring) {
        self.kind = kind
        self.text = text
    }

    /// The spans of a text in their order. None overlaps another: where several begin, the longest counts, and what begins
    /// within a span counts for nothing.
    ///
    /// - Parameter isKnown: whether a vocabulary has a scalar; asked only of those that are not in ASCII and no emoji, spaces,
    ///   quotes, brackets or dashes, once of each. Quotes and dashes are language: each has its own.
    package static func spans<Failure: Error>(
        in text: Substring, isKnown: (Unicode.Scalar) throws(Failure) -> Bool
    ) throws(Failure) -> [ProtectedSpan] {
        var copy = String(text)
        // What is asked of the vocabulary is asked before the bytes are borrowed: a closure that throws cannot be called there.
        var lacked: Set<Unicode.Scalar> = []
        var known: Set<Unicode.Scalar> = []
        for scalar in copy.unicodeScalars
        where scalar.isForVocabulary && !lacked.contains(scalar) && !known.contains(scalar) {
            if try isKnown(scalar) { known.insert(scalar) } else { lacked.insert(scalar) }
        }
        let found = copy.withUTF8 { bytes in
            var scanner = SpanScanner(LineScalars(bytes), lacked: lacked)
            return scanner.all()
        }
        return found.map { kind, range in
            let start = text.utf8.index(text.startIndex, offsetBy: range.lowerBound)
            return ProtectedSpan(kind, text[start..<text.utf8.index(start, offsetBy: range.count)])
        }
    }
}

extension Unicode.Scalar {
    /// Whether a vocabulary is asked for it.
    fileprivate var isForVocabulary: Bool {
        if isASCII || isSpace || isEmoji { return false }
        switch properties.generalCategory {
        case .openPunctuation, .closePunctuation, .initialPunctuation, .finalPunctuation, .dashPunctuation: return false
        case .format, .control: return false
        default: return true
        }
    }
}
