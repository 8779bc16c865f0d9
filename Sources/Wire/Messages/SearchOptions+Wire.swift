import CWire
import JobModel

extension SearchOptions: WireMessage {
    /// Whether the values make sense is for `problem(named:)` to say.
    init(_ message: Wire__Options) throws(Flaw) {
        self.init()
        beamSize = Self.given(message.beam_size_presence_case.rawValue, message.beam_size)
        nBest = Self.given(message.n_best_presence_case.rawValue, message.n_best)
        lengthPenalty = Self.given(message.length_penalty_presence_case.rawValue, message.length_penalty)
        maximumLength = Self.given(message.max_length_presence_case.rawValue, message.max_length)
        minimumLength = Self.given(message.min_length_presence_case.rawValue, message.min_length)
        maximumLengthRatio = Self.given(message.max_length_ratio_presence_case.rawValue, message.max_length_ratio)
        minimumLengthRatio = Self.given(message.min_length_ratio_presence_case.rawValue, message.min_length_ratio)
        earlyStopping = try EarlyStoppingRule?(wire: message.early_stopping.rawValue)
        patience = Self.given(message.patience_presence_case.rawValue, message.patience)
        repetitionPenalty = Self.given(message.repetition_penalty_presence_case.rawValue, message.repetition_penalty)
        noRepeatNgramSize = Self.given(
            message.no_repeat_ngram_size_presence_case.rawValue, message.no_repeat_ngram_size)
        if message.n_suppress > 0 { suppress = try texts("suppress", message.suppress, message.n_suppress) }
        let first = try message.force_first_token.text("force_first_token")
        if !first.isEmpty { forceFirstToken = first }
        prefix = try optionalMessage("prefix", message.prefix, message.n_prefix, Source.init(_:))
        if message.renormalize_scores_presence_case.rawValue != 0 {
            renormalizeScores = message.renormalize_scores != 0
        }
        samplingTopK = Self.given(message.sampling_top_k_presence_case.rawValue, message.sampling_top_k)
        samplingTopP = Self.given(message.sampling_top_p_presence_case.rawValue, message.sampling_top_p)
        temperature = Self.given(message.temperature_presence_case.rawValue, message.temperature)
        if message.seed_presence_case.rawValue != 0 { seed = message.seed }
        if message.alignments != 0 { alignments = true }
        if message.return_scores_presence_case.rawValue != 0 { returnScores = message.return_scores != 0 }
    }

    /// A field that stands alone in its oneof.
    private static func given(_ oneof: UInt32, _ value: Float) -> Float? { oneof == 0 ? nil : value }
    private static func given(_ oneof: UInt32, _ value: UInt32) -> Int? { oneof == 0 ? nil : Int(value) }

    func write(to writer: inout MessageWriter) {
        func number(_ field: UInt64, _ value: Int?) {
            if let value { writer.presentNumber(field, UInt32(clamping: value)) }
        }
        func float(_ field: UInt64, _ value: Float?) {
            if let value { writer.presentFloat(field, value) }
        }
        number(1, beamSize)
        number(2, nBest)
        float(3, lengthPenalty)
        number(4, maximumLength)
        number(5, minimumLength)
        float(6, maximumLengthRatio)
        float(7, minimumLengthRatio)
        writer.number(8, earlyStopping?.wire ?? 0)
        float(9, patience)
        float(10, repetitionPenalty)
        number(11, noRepeatNgramSize)
        writer.texts(12, suppress ?? [])
        writer.text(13, forceFirstToken ?? "")
        if let prefix { writer.message(14, prefix) }
        if let renormalizeScores { writer.presentNumber(15, renormalizeScores ? 1 : 0) }
        number(16, samplingTopK)
        float(17, samplingTopP)
        float(18, temperature)
        if let seed { writer.presentNumber(19, seed) }
        writer.flag(20, alignments ?? false)
        if let returnScores { writer.presentNumber(21, returnScores ? 1 : 0) }
    }
}

extension EarlyStoppingRule {
    fileprivate var wire: UInt32 {
        switch self {
        case .full: 1
        case .heuristic: 2
        case .never: 3
        }
    }
}

extension EarlyStoppingRule? {
    fileprivate init(wire: UInt32) throws(Flaw) {
        switch wire {
        case 0: self = nil
        case 1: self = .full
        case 2: self = .heuristic
        case 3: self = .never
        default: throw .unknown("early_stopping", wire)
        }
    }
}
