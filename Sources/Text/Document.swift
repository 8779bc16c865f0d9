/// A text, and the segments of it that are translated; what lies between them is kept as it is.
package struct Document: Sendable {
    package let source: String
    package let segments: [Segment]

    /// Where a text is cut.
    package enum Cuts: Sendable {
        /// Nowhere.
        case nowhere
        /// At the ends of lines.
        case lines
        /// At the ends of lines and sentences.
        case sentences(SentenceSegmenter)
    }

    /// Cuts a text into sentences.
    package init(_ source: String, segmenter: SentenceSegmenter) { self.init(source, at: .sentences(segmenter)) }

    /// Cuts a text.
    package init(_ source: String, at cuts: Cuts) {
        self.init(source, at: cuts, keeps: { _, _ in false }, split: { [LengthSplitter.Part(text: $0, boundary: nil)] })
    }

    /// Cuts a text, and what has too many tokens into parts.
    /// - Parameter count: the number of tokens of a stretch of a sentence.
    package init<Failure: Error>(
        _ source: String, at cuts: Cuts, splitter: LengthSplitter, count: (Substring) throws(Failure) -> Int
    ) throws(Failure) {
        try self.init(
            source, at: cuts, keeps: { (_, _) throws(Failure) in false }, splitter: splitter, count: count)
    }

    /// Cuts a text, and what has too many tokens into parts.
    /// - Parameters:
    ///   - unbroken: stretches in which no sentence ends, in order.
    ///   - keeps: whether a segment stands in the output as it is, by its text and number; such a sentence is cut no further.
    ///   - count: the number of tokens of a stretch of a sentence.
    package init<Failure: Error>(
        _ source: String, at cuts: Cuts, unbroken: [Range<String.Index>] = [],
        keeps: (Substring, Int) throws(Failure) -> Bool, splitter: LengthSplitter,
        count: (Substring) throws(Failure) -> Int
    ) throws(Failure) {
        try self.init(source, at: cuts, unbroken: unbroken, keeps: keeps) { sentence throws(Failure) in
            try splitter.parts(of: sentence, count: count)
        }
    }

    private init<Failure: Error>(
        _ source: String, at cuts: Cuts, unbroken: [Range<String.Index>] = [],
        keeps: (Substring, Int) throws(Failure) -> Bool,
        split: (Substring) throws(Failure) -> [LengthSplitter.Part]
    ) throws(Failure) {
        self.source = source
        var segments: [Segment] = []
        var sentences = 0
        for (number, line) in cuts.lines(of: source).enumerated() {
            for sentence in Self.joined(cuts.sentences(of: line), within: unbroken, of: source) {
                let words = sentence.trimmed(\.isOuterSpace)
                if words.isBlank { continue }
                let isKept = try keeps(words, segments.count)
                let parts = isKept ? [LengthSplitter.Part(text: words, boundary: nil)] : try split(words)
                for part in parts {
                    let text = part.text.trimmed(\.isOuterSpace)
                    if text.isBlank { continue }
                    let isKeptPart = part.text == words ? isKept : try keeps(text, segments.count)
                    segments.append(
                        Segment(
                            text: text, line: number, sentence: sentences, boundary: part.boundary,
                            isKept: isKeptPart))
                }
                sentences += 1
            }
        }
        self.segments = segments
    }

    /// Joins sentences that part within a stretch.
    private static func joined(
        _ sentences: [Substring], within unbroken: [Range<String.Index>], of source: String
    ) -> [Substring] {
        guard !unbroken.isEmpty else { return sentences }
        var joined: [Substring] = []
        var unbroken = unbroken[...]
        for sentence in sentences {
            let start = sentence.startIndex
            unbroken = unbroken.drop { $0.upperBound <= start }
            if let last = joined.last, let next = unbroken.first, next.lowerBound < start {
                joined[joined.count - 1] = source[last.startIndex..<sentence.endIndex]
            } else {
                joined.append(sentence)
            }
        }
        return joined
    }

    /// What goes before a segment's translation where nothing is between it and the segment before: parts of a word that was
    /// cut are never held apart, nor are two segments that are kept.
    package func joint(before index: Int, _ joint: String) -> String {
        guard index > 0 else { return "" }
        let (last, segment) = (segments[index - 1], segments[index])
        guard last.text.endIndex == segment.text.startIndex else { return "" }
        return last.boundary == .character || last.isKept && segment.isKept ? "" : joint
    }

    /// Puts translations in the place of the segments. Line breaks, blank lines and white space between segments are
    /// those of the source.
    /// - Parameters:
    ///   - translations: one for each segment.
    ///   - joint: what goes between two sentences of a line that have nothing between them, as in Chinese or Japanese;
    ///     a space when the target language has spaces.
    package func reassemble(_ translations: [String], joint: String = "") -> String {
        precondition(translations.count == segments.count, "\(translations.count) for \(segments.count) segments")
        var text = ""
        var end = source.startIndex
        for (index, (segment, translation)) in zip(segments, translations).enumerated() {
            text += source[end..<segment.text.startIndex]
            text += self.joint(before: index, joint)
            text += translation
            end = segment.text.endIndex
        }
        text += source[end...]
        return text
    }
}

extension Document.Cuts {
    fileprivate func lines(of text: String) -> AnySequence<Substring> {
        if case .nowhere = self { return AnySequence(CollectionOfOne(text[...])) }
        return AnySequence(Lines(of: text))
    }

    fileprivate func sentences(of line: Substring) -> [Substring] {
        if case .sentences(let segmenter) = self { return segmenter.sentences(in: line) }
        return [line]
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
