/// A text, and the segments of it that are translated; what lies between them is kept as it is.
package struct Document: Sendable {
    package let source: String
    package let segments: [Segment]

    /// Cuts a text into sentences.
    package init(_ source: String, segmenter: SentenceSegmenter) {
        self.init(source, segmenter: segmenter, split: { [LengthSplitter.Part(text: $0, boundary: nil)] })
    }

    /// Cuts a text into sentences, and those that have too many tokens into parts.
    /// - Parameter count: the number of tokens of a stretch of a sentence.
    package init<Failure: Error>(
        _ source: String, segmenter: SentenceSegmenter, splitter: LengthSplitter,
        count: (Substring) throws(Failure) -> Int
    ) throws(Failure) {
        try self.init(source, segmenter: segmenter) { sentence throws(Failure) in
            try splitter.parts(of: sentence, count: count)
        }
    }

    private init<Failure: Error>(
        _ source: String, segmenter: SentenceSegmenter,
        split: (Substring) throws(Failure) -> [LengthSplitter.Part]
    ) throws(Failure) {
        self.source = source
        var segments: [Segment] = []
        var sentences = 0
        for (number, line) in Lines(of: source).enumerated() {
            for sentence in segmenter.sentences(in: line) {
                let words = sentence.trimmed(\.isOuterSpace)
                if words.isBlank { continue }
                for part in try split(words) {
                    let text = part.text.trimmed(\.isOuterSpace)
                    if text.isBlank { continue }
                    segments.append(
                        Segment(text: text, line: number, sentence: sentences, boundary: part.boundary))
                }
                sentences += 1
            }
        }
        self.segments = segments
    }

    /// Puts translations in the place of the segments. Line breaks, blank lines and white space between segments are
    /// those of the source.
    /// - Parameters:
    ///   - translations: one for each segment.
    ///   - joint: what goes between two sentences of a line that have nothing between them, as in Chinese or Japanese;
    ///     a space when the target language has spaces. Parts of a word that was cut are never held apart.
    package func reassemble(_ translations: [String], joint: String = "") -> String {
        precondition(translations.count == segments.count, "\(translations.count) for \(segments.count) segments")
        var text = ""
        var end = source.startIndex
        var last: Segment?
        for (segment, translation) in zip(segments, translations) {
            let between = source[end..<segment.text.startIndex]
            text += between
            if between.isEmpty, let last, last.boundary != .character { text += joint }
            text += translation
            end = segment.text.endIndex
            last = segment
        }
        text += source[end...]
        return text
    }
}

extension Unicode.Scalar {
    /// What is kept around a segment as it is: white space, control characters, and two marks that show as nothing and
    /// stand at the edges of files and fields, the byte order mark and the zero-width space.
    fileprivate var isOuterSpace: Bool {
        isSpace || properties.generalCategory == .control || self == "\u{FEFF}" || self == "\u{200B}"
    }
}

extension Substring {
    /// Whether nothing in the text shows: there is nothing to translate.
    fileprivate var isBlank: Bool {
        unicodeScalars.allSatisfy { $0.isOuterSpace || $0.properties.generalCategory == .format }
    }
}
