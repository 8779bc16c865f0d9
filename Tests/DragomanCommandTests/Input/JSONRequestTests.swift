import DragomanCommand
import DragomanEngine
import JobModel
import Testing

@Suite struct JSONRequestTests {
    private func request(_ json: String, defaults: SearchOptions = SearchOptions()) throws -> TranslationRequest {
        try RequestParser(format: .jsonl, options: defaults)
            .request(Line(number: 1, content: Array(json.utf8), ending: .newline))
    }

    @Test func `text, tokens and targets`() throws {
        #expect(try request(#"{"text": "a \u0000\n\ud83d\ude00"}"#).source == .text("a \0\n\u{1F600}"))
        #expect(try request(#"{"tokens": ["▁a", " "]}"#).source == .tokens(["▁a", " "]))
        #expect(try request(#"{"text": "a", "target": "b c"}"#).target == .text("b c"))
        #expect(try request(#"{"text": "a", "target": ["b", "c"]}"#).target == .tokens(["b", "c"]))
    }

    @Test func `every option has a key`() throws {
        let request = try request(
            """
            {"text": "a", "beam_size": 4, "n_best": 2, "length_penalty": 0.6, "max_length": 50, "min_length": 2,
            "max_length_ratio": 1.5, "min_length_ratio": 0.5, "early_stopping": "never", "patience": 2,
            "repetition_penalty": 1.2, "no_repeat_ngram_size": 3, "suppress": ["▁x ▁y", "z"],
            "force_first_token": ">>fra<<", "prefix": ["▁Le"], "renormalize_scores": true, "alignments": true,
            "return_scores": false}
            """.replacing("\n", with: " "))
        var options = SearchOptions()
        options.beamSize = 4
        options.nBest = 2
        options.lengthPenalty = 0.6
        options.maximumLength = 50
        options.minimumLength = 2
        options.maximumLengthRatio = 1.5
        options.minimumLengthRatio = 0.5
        options.earlyStopping = .never
        options.patience = 2
        options.repetitionPenalty = 1.2
        options.noRepeatNgramSize = 3
        options.renormalizeScores = true
        options.alignments = true
        options.returnScores = false
        options.suppress = ["▁x ▁y", "z"]
        options.forceFirstToken = ">>fra<<"
        options.prefix = .tokens(["▁Le"])
        #expect(request.options == options)
    }

    @Test func `any key of sampling turns it on`() throws {
        let all = try request(
            #"{"text": "a", "sampling_top_k": 5, "sampling_top_p": 0.9, "temperature": 0.7, "#
                + #""seed": 18446744073709551615}"#)
        var options = SearchOptions()
        (options.samplingTopK, options.samplingTopP, options.temperature, options.seed) = (5, 0.9, 0.7, .max)
        #expect(all.options == options)
        #expect(try request(#"{"text": "a", "seed": 3}"#).options.isSampling)
    }

    @Test func `the command line gives the defaults`() throws {
        var defaults = SearchOptions()
        defaults.beamSize = 6
        defaults.patience = 2
        let request = try request(#"{"text": "a", "beam_size": 2, "patience": null}"#, defaults: defaults)
        #expect(request.options.beamSize == 2)
        #expect(request.options.patience == 2)
    }

    @Test(arguments: [
        (#"{"text": "a", "beamsize": 4}"#, "invalid_request", #"unknown key "beamsize""#),
        (#"{}"#, "invalid_request", #"neither "text" nor "tokens" is there"#),
        (#"{"text": "a", "tokens": []}"#, "invalid_request", #""text" and "tokens" exclude each other"#),
        (#"{"text": 3}"#, "invalid_request", #""text" must be a string"#),
        (#"{"tokens": "a b"}"#, "invalid_request", #""tokens" must be an array of strings"#),
        (#"{"tokens": ["a", 1]}"#, "invalid_request", #""tokens.1" must be a string"#),
        (#"{"text": "a", "target": 1}"#, "invalid_request", #""target" must be a string, or an array of strings"#),
        (#"{"text": "a", "beam_size": "4"}"#, "invalid_request", #""beam_size" must be a whole number"#),
        (#"{"text": "a", "beam_size": true}"#, "invalid_request", #""beam_size" must be a whole number"#),
        (#"{"text": "a", "beam_size": 1.5}"#, "invalid_request", #""beam_size""#),
        (#"{"text": "a", "seed": -1}"#, "invalid_request", #""seed""#),
        (#"{"text": "a", "patience": 1e99}"#, "invalid_request", #""patience""#),
        (#"{"text": "a", "alignments": 1}"#, "invalid_request", #""alignments" must be true or false"#),
        (#"{"text": "a", "early_stopping": "soon"}"#, "invalid_request", #"not "soon""#),
        (#"{"text": "a", "beam_size": 0}"#, "invalid_option", "beam_size must be 1 to 256, not 0"),
        (#"{"text": "a", "seed": 1, "beam_size": 4}"#, "invalid_option", "beam_size must be 1 when sampling"),
        (#"["text"]"#, "invalid_request", "a request must be a JSON object"),
        (#""text""#, "invalid_request", "a request must be a JSON object"),
        (#"{"text": "a""#, "invalid_json", "not valid JSON at byte offset "),
        (#"{"text": "a"} {"text": "b"}"#, "invalid_json", "not valid JSON at byte offset "),
        (#"{"text": "\ud800"}"#, "invalid_json", "not valid JSON at byte offset "),
        (#"{"text": "a", "temperature": NaN}"#, "invalid_json", "not valid JSON at byte offset "),
        ("", "invalid_json", "the line is blank"),
        (String(repeating: "[", count: 100_000), "invalid_json", "not valid JSON at byte offset "),
    ])
    func `what is wrong with a request is said`(json: String, code: String, message: String) throws {
        let error = #expect(throws: RequestError.self) { try request(json) }
        #expect(error?.code == code)
        #expect(error?.message.contains(message) == true, "\(error?.message ?? "")")
    }
}
