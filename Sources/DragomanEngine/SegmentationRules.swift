import Inference
import Markup
import Text
import Translations

/// How a request wants its text cut, and which segments are copied.
struct SegmentationRules {
    let split: SplitRule
    /// The most source tokens of a segment, where the request says.
    let lengthMaximum: Int?
    /// Whether the text is hard-wrapped.
    let isWrapped: Bool
    /// Columns at which the output is wrapped.
    let wrap: Int?
    /// What the text is written in, besides words.
    let markup: ElementRules?
    private let copiesNumbers: Bool

    /// - Throws: `OptionError` for what cannot be.
    init(_ options: SearchOptions) throws(OptionError) {
        split = options.split ?? .sentences
        lengthMaximum = options.maximumSegmentLength
        isWrapped = options.paragraphs ?? false
        wrap = options.wrap
        copiesNumbers = !(options.translateNumbers ?? false)
        markup = options.markup.map {
            ElementRules(
                language: $0, ignored: options.ignoreTags ?? [], splitting: options.splittingTags ?? [],
                inline: options.nonSplittingTags ?? [])
        }
        if let lengthMaximum, lengthMaximum < 1 {
            throw OptionError("max_segment_length", "must be 1 or more, not \(lengthMaximum)")
        }
        if let wrap {
            guard wrap >= 1 else { throw OptionError("wrap", "must be 1 or more, not \(wrap)") }
            guard isWrapped else { throw OptionError("wrap", "needs paragraphs") }
        }
        if markup != nil, isWrapped {
            throw OptionError("paragraphs", "is for plain text, and cannot be used with markup")
        }
        if markup == nil, options.ignoreTags ?? options.splittingTags ?? options.nonSplittingTags != nil {
            throw OptionError("ignore_tags, splitting_tags and non_splitting_tags", "need markup")
        }
    }

    /// Whether the text of a segment is its translation: a model that is given symbols alone invents words, and what is
    /// protected is no word.
    func copies(_ text: Substring, _ spans: [ProtectedSpan]) -> Bool {
        var begin = text.startIndex
        for span in spans {
            if !copies(text[begin..<span.text.startIndex]) { return false }
            begin = span.text.endIndex
        }
        return copies(text[begin...])
    }

    private func copies(_ text: Substring) -> Bool {
        switch Wordless(text) {
        case .symbols: true
        case .numbers: copiesNumbers
        case nil: false
        }
    }
}
