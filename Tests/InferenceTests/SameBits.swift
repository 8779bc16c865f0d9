import Inference
import Testing

extension TokenHypothesis {
    /// Everything in it, floats by their bits: two hypotheses are the same only if these are.
    var bits: [UInt64] {
        func bits(_ values: [Float]) -> [UInt64] { [UInt64(values.count)] + values.map { UInt64($0.bitPattern) } }
        return tokens.map { UInt64($0) } + bits(tokenScores) + bits([score]) + (alignment ?? []).flatMap(bits)
            + [isTruncated ? 1 : 0]
    }
}

/// Expects that segments came out the same, to the last bit.
func expectSameBits(
    _ found: [[TokenHypothesis]], _ expected: [[TokenHypothesis]], _ place: @autoclosure () -> String = "",
    sourceLocation: SourceLocation = #_sourceLocation
) {
    #expect(found.count == expected.count, sourceLocation: sourceLocation)
    for (index, (found, expected)) in zip(found, expected).enumerated() {
        guard found.map(\.bits) != expected.map(\.bits) else { continue }
        Issue.record(
            "segment \(index) \(place()): \(found) is not \(expected)", sourceLocation: sourceLocation)
    }
}
