import Inference
import Text

/// Finds where an output is to have a protected text that the model has not written: beside the word that paid the most
/// attention to it.
struct SpanPlacing {
    private let hypothesis: TokenHypothesis
    private let output: String
    /// How long the text of so many tokens is, in bytes of UTF-8.
    private let ends: [Int]
    /// The source's tokens that are not its own, but the frame's.
    private let sourceBody: Range<Int>

    /// - Parameters:
    ///   - output: the hypothesis' text.
    ///   - decode: the text of tokens.
    init(
        _ hypothesis: TokenHypothesis, output: String, sourceBody: Range<Int>,
        decode: (ArraySlice<Int>) throws -> String
    ) rethrows {
        self.hypothesis = hypothesis
        self.output = output
        self.sourceBody = sourceBody
        let length = output.utf8.count
        var ends = [0]
        for count in 1..<max(1, hypothesis.tokens.count) {
            ends.append(min(length, max(ends[count - 1], try decode(hypothesis.tokens[..<count]).utf8.count)))
        }
        if !hypothesis.tokens.isEmpty { ends.append(length) }
        self.ends = ends
    }

    /// The place for a text whose tokens the source has at `span`, in bytes of UTF-8.
    func place(_ span: Range<Int>) -> Int {
        guard ends.count > 1 else { return 0 }
        guard let alignment = hypothesis.alignment, alignment.count == ends.count - 1 else {
            // The same share of the output as of the source.
            let share = Double(span.lowerBound - sourceBody.lowerBound) / Double(max(1, sourceBody.count))
            return after(Int(share * Double(ends.count - 1)))
        }
        let attention = alignment.map { row in span.reduce(Float(0)) { $1 < row.count ? $0 + row[$1] : $0 } }
        let token = Self.highest(attention.indices, attention) ?? 0
        let row = alignment[token]
        let main = Self.highest(sourceBody.filter { !span.contains($0) && $0 < row.count }, row)
        return main.map { $0 < span.lowerBound } ?? true ? after(token + 1) : before(token)
    }

    /// The index of the highest value; among equals, the first.
    private static func highest(_ indices: some Collection<Int>, _ values: [Float]) -> Int? {
        indices.max { values[$0] < values[$1] || values[$0] == values[$1] && $0 > $1 }
    }

    /// The first place between words that is not before so many tokens.
    private func after(_ count: Int) -> Int {
        ends[min(count, ends.count - 1)...].first(where: isBetweenWords) ?? output.utf8.count
    }

    /// The last place between words that is not after so many tokens.
    private func before(_ count: Int) -> Int { ends[...count].last(where: isBetweenWords) ?? 0 }

    private func isBetweenWords(_ offset: Int) -> Bool {
        let place = output.utf8.index(output.startIndex, offsetBy: offset)
        guard let before = output[..<place].unicodeScalars.last, let after = output[place...].unicodeScalars.first
        else { return true }
        return Unicode.Scalar.areApart(before, after)
    }
}
