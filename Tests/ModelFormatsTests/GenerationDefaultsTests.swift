import Foundation
import Inference
import ModelFormats
import TestKit
import Testing

@Suite struct GenerationDefaultsTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder(copying: Fixtures.file("shared-tied")) }

    private func defaults(_ settings: String) throws -> GenerationDefaults {
        try folder.write("generation_config.json", settings)
        return try ModelBundle.load(folder.url).defaults
    }

    @Test func `a folder's own settings become the defaults`() throws {
        let defaults = try ModelBundle.load(folder.url).defaults
        #expect(defaults.beamSize == 3)
        #expect(defaults.lengthPenalty == 0.6)
        #expect(defaults.maximumLength == 12)
        #expect(defaults.forcedLastToken == 0)
        // A bad word that is the end of the sentence is no bad word.
        #expect(defaults.suppressed == [[10], [3, 4]])
    }

    @Test func `every setting has its place`() throws {
        let defaults = try defaults(
            """
            {"num_beams": 6, "length_penalty": 2, "early_stopping": "never", "max_length": 10, "min_length": 4,
             "repetition_penalty": 1.5, "no_repeat_ngram_size": 3, "bad_words_ids": [[4, 5]], "suppress_tokens": [6],
             "forced_bos_token_id": 9, "forced_eos_token_id": [0], "renormalize_logits": true, "do_sample": false,
             "top_k": 40, "unheard_of": {"deep": [1, null]}}
            """)
        var expected = GenerationDefaults()
        expected.beamSize = 6
        expected.lengthPenalty = 2
        expected.earlyStopping = .never
        expected.maximumLength = 8
        expected.minimumLength = 3
        expected.repetitionPenalty = 1.5
        expected.noRepeatNgramSize = 3
        expected.suppressed = [[4, 5], [6]]
        expected.forcedFirstToken = 9
        expected.forcedLastToken = 0
        expected.renormalizesScores = true
        #expect(defaults == expected)
    }

    @Test func `settings that are absent or null are transformers' own, but for the length`() throws {
        #expect(try defaults("{}") == GenerationDefaults())
        #expect(
            try defaults(#"{"num_beams": null, "max_length": null, "bad_words_ids": null}"#) == GenerationDefaults())
    }

    static let lengths: [(settings: String, maximum: Int?, minimum: Int)] = [
        (#"{"max_length": 512, "forced_eos_token_id": 0}"#, 510, 0),
        (#"{"max_length": 512}"#, 511, 0),
        (#"{"max_new_tokens": 512, "forced_eos_token_id": 0}"#, 511, 0),
        (#"{"max_new_tokens": 7, "max_length": 512}"#, 7, 0),
        (#"{"min_length": 0}"#, nil, 0),
        (#"{"min_length": 1}"#, nil, 0),
        (#"{"min_length": 5}"#, nil, 4),
        (#"{"min_new_tokens": 5, "min_length": 9}"#, nil, 5),
    ]

    @Test(arguments: lengths)
    func `lengths count neither the start nor the end`(_ lengths: (settings: String, maximum: Int?, minimum: Int))
        throws
    {
        let defaults = try defaults(lengths.settings)
        #expect(defaults.maximumLength == lengths.maximum)
        #expect(defaults.minimumLength == lengths.minimum)
    }

    @Test(arguments: [
        ("false", EarlyStoppingRule.heuristic), ("true", .full), ("\"never\"", .never),
    ])
    func `early stopping has three values`(_ written: String, _ value: EarlyStoppingRule) throws {
        #expect(try defaults(#"{"early_stopping": \#(written)}"#).earlyStopping == value)
    }

    @Test func `packed models keep the words of their first release`() throws {
        let words = Data(#"["whenFull","heuristic","never"]"#.utf8)
        #expect(try JSONEncoder().encode(EarlyStoppingRule.allCases) == words)
        #expect(try JSONDecoder().decode([EarlyStoppingRule].self, from: words) == EarlyStoppingRule.allCases)
        let unknown = Data(#"["soon"]"#.utf8)
        #expect(throws: DecodingError.self) { try JSONDecoder().decode([EarlyStoppingRule].self, from: unknown) }
    }

    @Test func `an old folder keeps its settings in config.json`() throws {
        try folder.remove("generation_config.json")
        for (key, value) in [
            ("num_beams", "5"), ("max_length", "16"), ("bad_words_ids", "[[10]]"), ("bos_token_id", "2"),
            ("force_bos_token_to_be_generated", "true"),
        ] { try folder.set("config.json", key, value) }
        let defaults = try ModelBundle.load(folder.url).defaults
        #expect(defaults.beamSize == 5)
        #expect(defaults.maximumLength == 14)
        #expect(defaults.suppressed == [[10]])
        #expect(defaults.forcedFirstToken == 2)
        #expect(defaults.forcedLastToken == 0)
    }

    @Test func `a folder's own settings silence those in config.json`() throws {
        try folder.set("config.json", "num_beams", "5")
        #expect(try defaults("{}").beamSize == 1)
        #expect(try defaults(#"{"decoder_start_token_id": 2}"#) == GenerationDefaults())
        #expect(try ModelBundle.load(folder.url).configuration.framing.decoderStart == .token(2))
    }

    static let invalid = [
        #"{"num_beams": 0}"#, #"{"num_beams": 4.0}"#, #"{"num_beams": "4"}"#, #"{"num_beams": 100000}"#,
        #"{"length_penalty": "high"}"#, #"{"length_penalty": 1e60}"#, #"{"repetition_penalty": 0}"#,
        #"{"early_stopping": "sometimes"}"#, #"{"early_stopping": 1}"#, #"{"max_length": 1}"#, #"{"max_length": -1}"#,
        #"{"max_length": 2, "forced_eos_token_id": 0}"#, #"{"max_new_tokens": 0}"#, #"{"min_length": 1.5}"#,
        #"{"bad_words_ids": [[11]]}"#, #"{"bad_words_ids": [[-1]]}"#, #"{"bad_words_ids": [3]}"#,
        #"{"bad_words_ids": [[]]}"#, #"{"bad_words_ids": 3}"#, #"{"suppress_tokens": [true]}"#,
        #"{"forced_bos_token_id": 11}"#, #"{"forced_eos_token_id": "</s>"}"#, #"{"renormalize_logits": 1}"#,
        #"{"eos_token_id": 99}"#,
    ]

    @Test(arguments: invalid)
    func `a value that a setting cannot have is refused by the setting's name`(_ settings: String) throws {
        let error = #expect(throws: ModelError.self) { try defaults(settings) }
        #expect(error?.code == .invalidValue)
        #expect(error?.file.hasSuffix("generation_config.json") == true)
        let key = settings.split(separator: "\"")[1]
        #expect(error?.message.contains(key) == true)
    }

    @Test func `a minimum above the maximum is refused`() throws {
        let error = #expect(throws: ModelError.self) { try defaults(#"{"max_length": 6, "min_length": 9}"#) }
        #expect(error?.code == .contradiction)
    }

    @Test(arguments: [
        ("penalty_alpha", "0.6"), ("encoder_repetition_penalty", "1.2"), ("guidance_scale", "2"),
        ("begin_suppress_tokens", "[5]"), ("force_words_ids", "[[5]]"), ("stop_strings", "[\"x\"]"),
        ("exponential_decay_length_penalty", "[1, 1.1]"), ("sequence_bias", "[[[5], 1.0]]"), ("max_time", "1"),
        ("token_healing", "true"), ("forced_bos_token_id", "[1, 2]"),
    ])
    func `what would change the output and is not supported is refused`(_ key: String, _ value: String) throws {
        let error = #expect(throws: ModelError.self) { try defaults("{\"\(key)\": \(value)}") }
        #expect(error?.code == .unsupported)
        #expect(error?.message.contains(key) == true)
    }

    @Test(arguments: [(#"{"do_sample": true}"#, "do_sample"), (#"{"num_beam_groups": 2}"#, "num_beam_groups")])
    func `a search that is not done unasked is noted, and the model loaded`(_ settings: String, _ key: String) throws {
        #expect(try defaults(settings).undoneSearch?.contains(key) == true)
    }

    @Test func `sequences of the source may be forbidden`() throws {
        #expect(try defaults(#"{"encoder_no_repeat_ngram_size": 3}"#).noSourceNgramSize == 3)
    }

    @Test func `values that leave the output alone are no reason to refuse`() throws {
        let neutral = """
            {"do_sample": false, "num_beam_groups": 1, "diversity_penalty": 0.0, "guidance_scale": 1.0,
             "begin_suppress_tokens": [], "exponential_decay_length_penalty": null, "max_time": null}
            """
        #expect(try defaults(neutral) == GenerationDefaults())
    }
}
