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
        try model.expectGoldenHypotheses(cases, name)
    }
}
