import Inference
import Testing

@Suite("Searches give what Hugging Face's generate gives")
struct SearchGoldenTests {
    @Test(
        "in float32, every case has the same tokens, and scores within 1e-4",
        arguments: ["marian-separate", "marian-shared", "marian-unforced", "demo-en-fr"])
    func sameHypotheses(name: String) throws {
        let golden = Golden(name)
        let model = try TestModel(golden.model)
        let cases = try golden.cases()
        #expect(cases.count > 100)
        let results = model.run(try cases.map { try model.search($0.source, $0.options.decoding) })
        for (index, (expected, found)) in zip(cases, results).enumerated() {
            let place = Comment("case \(index) of \(name): \(expected.options)")
            try #require(found.count == expected.hypotheses.count, place)
            for (expected, found) in zip(expected.hypotheses, found) {
                #expect(found.tokens == expected.tokens, place)
                // Negative length penalties make scores of hundreds, whose last bit is 3e-5.
                #expect(abs(found.score - expected.score) < 1e-4 * max(1, abs(expected.score)), place)
                #expect(found.isTruncated == !expected.finished, place)
                try #require(found.tokenScores.count == expected.token_scores.count, place)
                for (a, b) in zip(found.tokenScores, expected.token_scores) { #expect(abs(a - b) < 1e-4, place) }
            }
        }
    }
}
