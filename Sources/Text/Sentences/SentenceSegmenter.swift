internal import CICU

/// Cuts a line of text into sentences.
///
/// The rules are those of UAX #29 (which marks end a sentence, what closes it, that a small letter goes on with it) and
/// what the standard leaves to others: abbreviations, initials and ordinals of the language, footnotes, dialogues, lists,
/// addresses. `SentenceBoundary` has them, `LanguageRules` the words.
package struct SentenceSegmenter: Sendable {
    private let rules: LanguageRules

    /// - Parameter language: a code of ISO 639, with or without a script or region (`en`, `eng`, `en-GB`); nothing or
    ///   an unknown one gives the rules that suit most languages.
    package init(language: String?) {
        rules = LanguageRules.of(language: Self.canonical(language))
    }

    /// The sentences of a line, in order. White space after a sentence belongs to it, so that the sentences one after
    /// the other are the line. An empty line has none.
    package func sentences(in line: Substring) -> [Substring] {
        var copy = line
        let cuts = copy.withUTF8 { self.cuts(in: LineScalars($0)) }
        var sentences: [Substring] = []
        sentences.reserveCapacity(cuts.count + 1)
        var (start, offset) = (line.startIndex, 0)
        for cut in cuts {
            let end = line.utf8.index(start, offsetBy: cut - offset)
            sentences.append(line[start..<end])
            (start, offset) = (end, cut)
        }
        if start < line.endIndex { sentences.append(line[start...]) }
        return sentences
    }

    /// Where sentences begin, the first left out.
    private func cuts(in line: LineScalars) -> [Int] {
        var cuts: [Int] = []
        var items = ListItems(in: line, hasOrdinals: rules.hasOrdinals).starts[...]
        var quotes = QuoteCount()
        var position = 0
        let hasReferences = line.scalar(at: line.skip(0, while: \.isSpace)) == "["
        while true {
            let run = TerminatorRun(in: line, from: position, other: rules.otherTerminator, quotes: &quotes)
            // Items of a list are cut off whatever ends them.
            while let item = items.first, item < run?.range.lowerBound ?? line.end {
                if item > cuts.last ?? 0 { cuts.append(item) }
                items.removeFirst()
            }
            guard let run else { return cuts }
            let start = cuts.last ?? 0
            // A mark inside of a footnote that the sentence before took cuts nothing: "[p. 5]".
            if run.range.lowerBound >= start {
                let boundary = SentenceBoundary(
                    line: line, run: run, start: start, rules: rules, quotes: quotes, hasReferences: hasReferences)
                if let cut = boundary.cut, cut < line.end { cuts.append(cut) }
            }
            position = run.range.upperBound
        }
    }

    /// The language in two letters where it has two, without script or region.
    private static func canonical(_ language: String?) -> String {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: 16) { name in
            guard let address = name.baseAddress else { return "" }
            cicu_language(language, address, name.count)
            return String(cString: address)
        }
    }
}
