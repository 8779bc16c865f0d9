internal import Inference

/// BART and its kin, by `model_type`.
extension BartFamily {
    static let all: [String: BartFamily] = [
        "bart": BartFamily(
            name: "bart", names: .bart, placement: .after, normalizesEmbeddings: true, positions: .learned(offset: 2),
            start: 2, languages: BartLanguages.bart),
        "mbart": BartFamily(
            name: "mbart", names: .bart, placement: .before, normalizesEmbeddings: true, hasFinalNorms: true,
            positions: .learned(offset: 2), languages: BartLanguages.mbart),
        "plbart": BartFamily(
            name: "plbart", names: .bart, placement: .after, normalizesEmbeddings: true,
            positions: .learned(offset: 2), scalesEmbeddings: true,
            languages: BartLanguages.plbart),
        "m2m_100": BartFamily(
            name: "m2m_100", names: .m2m100, placement: .before, hasFinalNorms: true, positions: .computed,
            activation: "relu", scalesEmbeddings: true, start: 2, languages: BartLanguages.m2m100),
        "pegasus": BartFamily(
            name: "pegasus", names: .bart, placement: .before, hasFinalNorms: true, positions: .sines, padding: 0,
            end: 1, start: 0, unknown: 105, languages: BartLanguages.none),
        "blenderbot-small": BartFamily(
            name: "blenderbot-small", names: .bart, placement: .after, normalizesEmbeddings: true,
            normalizesBeforePositions: true, positions: .learned(offset: 0), padding: 0, start: 1,
            languages: BartLanguages.blenderbotSmall),
        "fsmt": BartFamily(
            name: "fsmt", names: .fsmt, placement: .after, positions: .computed, hasTwoVocabularies: true,
            activation: "relu", scalesEmbeddings: true, tiesTables: false, start: 2, languages: BartLanguages.fsmt),
    ]
}
