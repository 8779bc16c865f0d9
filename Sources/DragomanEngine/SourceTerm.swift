import Text
import Translations

/// An entry of a glossary, where a segment has its source.
struct SourceTerm: Sendable, Equatable {
    var entry: Glossary.Entry
    /// In the segment's body, in bytes.
    var range: Range<Int>

    /// The terms of a body in their order. What is protected is no term.
    static func all(of glossary: Glossary, in body: Substring, besides spans: [ProtectedSpan]) -> [SourceTerm] {
        let matches = glossary.phrases.matches(in: body)
        if matches.isEmpty { return [] }
        func offset(_ index: Substring.Index) -> Int { body.utf8.distance(from: body.startIndex, to: index) }
        let protected = spans.map { offset($0.text.startIndex)..<offset($0.text.endIndex) }
        return matches.filter { match in !protected.contains { $0.overlaps(match.range) } }.map {
            SourceTerm(entry: glossary.entries[$0.index], range: $0.range)
        }
    }
}
