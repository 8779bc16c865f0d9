import Inference
import Testing

@Suite struct SearchSettingsTests {
    private let model: TestModel

    init() throws {
        // 40 positions, 83 target tokens, `</s>` is 0 and forced at the maximum.
        model = try TestModel(Golden("marian-separate").model)
    }

    /// Options that cannot be served, what they are, and the message they get.
    struct Refused: Sendable, CustomTestStringConvertible {
        var message: String
        var change: @Sendable (inout DecodingOptions) -> Void

        init(_ message: String, _ change: @escaping @Sendable (inout DecodingOptions) -> Void) {
            self.message = message
            self.change = change
        }

        var testDescription: String { message }
    }

    static let refused = [
        Refused("beam_size: must be 1 to 256, not 0") { $0.beamSize = 0 },
        Refused("beam_size: must be 1 to 256, not -1") { $0.beamSize = -1 },
        Refused("beam_size: must be 1 to 256, not 257") { $0.beamSize = 257 },
        Refused("beam_size: must be 1 to 256, not \(Int.max)") { $0.beamSize = Int.max },
        Refused("beam_size: is 2; sampling draws single hypotheses, so it must be 1") {
            $0.sampling = .init()
            $0.beamSize = 2
        },
        Refused("n_best: must be 1 to 256, not 0") {
            $0.beamSize = 4
            $0.nBest = 0
        },
        Refused("n_best: must be at most the beam size (4), not 5") {
            $0.beamSize = 4
            $0.nBest = 5
        },
        Refused("n_best: must be 1 to 256, not 257") {
            $0.sampling = .init()
            $0.nBest = 257
        },
        Refused("length_penalty: must be between -8 and 8, not inf") { $0.lengthPenalty = .infinity },
        Refused("length_penalty: must be between -8 and 8, not nan") { $0.lengthPenalty = .nan },
        Refused("patience: must be between 0.001 and 100, not 0.0") { $0.patience = 0 },
        Refused("patience: must be between 0.001 and 100, not inf") { $0.patience = .infinity },
        Refused("patience: keeps 2 finished hypotheses; n_best asks for 3") {
            $0.beamSize = 4
            $0.nBest = 3
            $0.patience = 0.5
        },
        Refused("max_length: must be 0 or more, not -1") { $0.maximumLength = -1 },
        Refused("max_length: is 39; this model takes 0 to 38") { $0.maximumLength = 39 },
        Refused("min_length: must be 0 or more, not -1") { $0.minimumLength = -1 },
        Refused("max_length_ratio: must be above 0, not 0.0") { $0.maximumLengthRatio = 0 },
        Refused("max_length_ratio: must be above 0, not nan") { $0.maximumLengthRatio = .nan },
        Refused("min_length_ratio: must be 0 or more, not -0.5") { $0.minimumLengthRatio = -0.5 },
        Refused("repetition_penalty: must be between 0.001 and 1000, not 0.0") {
            $0.repetitionPenalty = 0
        },
        Refused("repetition_penalty: must be between 0.001 and 1000, not -inf") {
            $0.repetitionPenalty = -.infinity
        },
        Refused("no_repeat_ngram_size: must be 0 or more, not -2") {
            $0.noRepeatNgramSize = -2
        },
        Refused("suppress: names token 83; the model's target tokens are 0 to 82") { $0.suppressed = [[5, 83]] },
        Refused("prefix: names token -1; the model's target tokens are 0 to 82") { $0.prefix = [-1] },
        Refused("prefix: holds the end-of-sentence token") { $0.prefix = [4, 0] },
        Refused("prefix: is 5 tokens long; the maximum length is 4") {
            $0.prefix = [2, 3, 4, 5, 6]
            $0.maximumLength = 4
        },
        Refused("force_first_token: names token 4294967298; the model's target tokens are 0 to 82") {
            $0.forcedFirstToken = 1 << 32 + 2
        },
        Refused("force_first_token: is the end-of-sentence token") { $0.forcedFirstToken = 0 },
        Refused("sampling_top_k: must be 0 (all) or more, not -1") {
            $0.sampling = .init(topK: -1)
        },
        Refused("sampling_top_p: must be above 0 and at most 1, not 0.0") { $0.sampling = .init(topP: 0) },
        Refused("sampling_top_p: must be above 0 and at most 1, not 1.5") { $0.sampling = .init(topP: 1.5) },
        Refused("temperature: must be between 0.001 and 1000, not 0.0") {
            $0.sampling = .init(temperature: 0)
        },
        Refused("temperature: must be between 0.001 and 1000, not inf") {
            $0.sampling = .init(temperature: .infinity)
        },
    ]

    @Test(arguments: refused)
    func `an error names the option, what it is and what it may be`(refused: Refused) throws {
        var options = DecodingOptions()
        refused.change(&options)
        let error = try #require(throws: OptionError.self) { try model.settings(options, 10) }
        #expect(error.description == refused.message)
    }

    @Test func `what is not asked for is as the model's settings say`() throws {
        let shared = try TestModel(Golden("marian-shared").model)
        let settings = try shared.settings(DecodingOptions(), 10)
        #expect(settings.beamSize == 4)
        #expect(settings.lengthPenalty == 0.8)
        #expect(settings.earlyStopping == .full)
        #expect(settings.renormalizesScores)
        #expect(settings.maximumLength == 32)
        #expect(settings.forcesEnd)
        var options = DecodingOptions()
        options.sampling = .init()
        #expect(try shared.settings(options, 10).beamSize == 1)
    }

    @Test func `the lower maximum and the higher minimum hold, and the maximum over the minimum`() throws {
        var options = DecodingOptions()
        options.maximumLength = 20
        options.maximumLengthRatio = 1.5
        options.minimumLength = 3
        options.minimumLengthRatio = 0.5
        #expect(try model.settings(options, 7).maximumLength == 11)
        #expect(try model.settings(options, 7).minimumLength == 3)
        #expect(try model.settings(options, 18).maximumLength == 20)
        #expect(try model.settings(options, 18).minimumLength == 9)
        #expect(try model.settings(options, 0).maximumLength == 0)
        options.minimumLength = 30
        #expect(try model.settings(options, 7).minimumLength == 11)
        options.maximumLengthRatio = .greatestFiniteMagnitude
        options.minimumLengthRatio = .greatestFiniteMagnitude
        #expect(try model.settings(options, 18).maximumLength == 20)
        #expect(try model.settings(options, 18).minimumLength == 20)
    }

    @Test func `a model that forces no end gives at least one token`() throws {
        let unforced = try TestModel(Golden("marian-unforced").model)
        var options = DecodingOptions()
        options.maximumLength = 0
        let error = try #require(throws: OptionError.self) { try unforced.settings(options, 10) }
        #expect(error.description == "max_length: is 0; this model takes 1 to 39")
        options.maximumLength = nil
        options.maximumLengthRatio = 0.001
        options.forcedFirstToken = 7
        #expect(try unforced.settings(options, 1).maximumLength == 1)
    }

    @Test func `a prefix that begins with the forced token is not forced to begin with it twice`() throws {
        var options = DecodingOptions()
        options.forcedFirstToken = 7
        options.prefix = [7, 8]
        #expect(try model.settings(options, 10).forcedFirstToken == nil)
        options.prefix = [8, 7]
        #expect(try model.settings(options, 10).forcedFirstToken == 7)
    }

    @Test func `the extremes of each option are served`() throws {
        var options = DecodingOptions()
        options.beamSize = 256
        options.nBest = 256
        options.patience = 100
        options.maximumLength = 38
        options.minimumLength = Int.max
        options.noRepeatNgramSize = Int.max
        options.repetitionPenalty = 0.001
        options.suppressed = [[], [1], [82]]
        let settings = try model.settings(options, 10)
        #expect(settings.minimumLength == 38)
        #expect(settings.finishedCapacity == 25_600)
    }
}
