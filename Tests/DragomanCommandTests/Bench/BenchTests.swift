import DragomanCommand
import DragomanEngine
import Testing

@Suite("The benchmark measures what it says")
struct BenchTests {
    @Test("a line of tokens that begins with the length of its output gets an output of that length")
    func tokenLines() throws {
        let lines = try ["3\tt1 t2 </s>", "t4 t5"].map(TokenLine.init)
        var options = SearchOptions()
        options.beamSize = 2
        options.returnScores = false
        let workload = BenchWorkload(tokenLines: lines, options: options)
        #expect(workload.requests.map(\.source) == [.tokens(["t1", "t2"]), .tokens(["t4", "t5"])])
        #expect(workload.requests.map(\.options.minimumLength) == [3, nil])
        #expect(workload.requests.map(\.options.maximumLength) == [3, nil])
        #expect(workload.requests.allSatisfy { $0.options.beamSize == 2 })
        #expect(workload.requests.allSatisfy { $0.options.returnScores == false })
    }

    @Test("requests name the languages that the command line does")
    func languages() throws {
        let languages = RequestLanguages(source: "en", target: "sw")
        for workload in [
            BenchWorkload(sentences: ["Hello."], languages: languages),
            BenchWorkload(tokenLines: [try TokenLine("t1 t2")], languages: languages),
        ] {
            #expect(workload.requests.map(\.sourceLanguage) == ["en"])
            #expect(workload.requests.map(\.targetLanguage) == ["sw"])
        }
    }

    @Test("tokens and requests are counted, and each latency taken", arguments: [false, true])
    func counts(isLatency: Bool) async throws {
        let measurement = Measurement(
            workload: BenchWorkload(tokenLines: try ["a b", "c"].map(TokenLine.init)),
            isLatency: isLatency, inFlight: 1, repetitions: 3)
        let figures = try await measurement.run { request in
            guard case .tokens(let tokens) = request.source else { return Translation(hypotheses: [], segments: []) }
            let hypothesis = Translation.Hypothesis(
                text: "", score: 0, tokens: tokens, tokenScores: [], alignment: nil, isTruncated: false)
            return Translation(hypotheses: [hypothesis], segments: [])
        }
        #expect(figures.requests == 2)
        #expect(figures.tokens == 3)
        #expect(figures.seconds.count == 3)
        #expect(figures.latencies.count == (isLatency ? 6 : 0))
    }

    @Test("percentiles are of the nearest rank")
    func percentiles() {
        let values = (1...100).map(Double.init).shuffled()
        #expect(BenchFigures.percentile(50, of: values) == 50)
        #expect(BenchFigures.percentile(99, of: values) == 99)
        #expect(BenchFigures.percentile(99, of: [7]) == 7)
    }
}
