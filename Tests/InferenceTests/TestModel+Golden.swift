import Inference
import Testing

extension TestModel {
    /// Searches all cases, and compares what is found with what they hold.
    func expectGoldenHypotheses(_ cases: [Golden.Case], _ name: String) throws {
        let results = run(try cases.map { try search($0.source, $0.options.decoding) })
        for (index, (expected, found)) in zip(cases, results).enumerated() {
            let place = Comment("case \(index) of \(name): \(expected.options)")
            try #require(found.count == expected.hypotheses.count, place)
            for (expected, found) in zip(expected.hypotheses, found) {
                #expect(found.tokens == expected.tokens, place)
                // Negative length penalties make scores of hundreds, whose last bit is 3e-5.
                #expect(abs(found.score - expected.score) < 1e-4 * max(1, abs(expected.score)), place)
                #expect(found.isTruncated == !expected.finished, place)
                try #require(found.tokenScores.count == expected.tokenScores.count, place)
                for (a, b) in zip(found.tokenScores, expected.tokenScores) { #expect(abs(a - b) < 1e-4, place) }
            }
        }
    }
}
