package import DragomanEngine
import Foundation
import JobModel

/// What `dragoman model inspect` writes, for people.
package struct ModelReport: Sendable {
    let description: ModelDescription
    var configuration: ModelConfiguration { description.configuration }

    package init(_ description: ModelDescription) { self.description = description }

    /// One property a line, its name first.
    package var text: String {
        let rows = identity + shape + search + memory
        let width = rows.map(\.0.count).max() ?? 0
        return rows.map { "\($0)\(String(repeating: " ", count: width - $0.count))  \($1)\n" }.joined()
    }

    private typealias Rows = [(String, String)]

    private var identity: Rows {
        [
            ("directory", description.directory.path(percentEncoded: false)),
            ("family", configuration.family),
        ] + languages + [
            ("tokenizer", description.hasTokenizer ? "yes" : "none: the model takes tokens only"),
            ("parameters", Quantity.grouped(description.parameterCount)),
            ("stored", "\(description.storedPrecision), \(Quantity.bytes(description.storedBytes))"),
        ]
    }

    /// One pair in a line; of several languages, all that there are, with the model's own codes.
    private var languages: Rows {
        let (source, target) = (description.languages.source, description.languages.target)
        if source.count < 2, target.count < 2 {
            let pair = "\(description.sourceLanguage ?? "not named") → \(description.targetLanguage ?? "not named")"
            return [("languages", pair)]
        }
        func list(_ languages: [ModelLanguage]) -> String {
            guard !languages.isEmpty else { return "not named" }
            let names = languages.map { $0.code == $0.tag ? $0.tag : "\($0.tag) (\($0.code))" }
            return names.count == 1 ? names[0] : "\(names.count): \(names.joined(separator: ", "))"
        }
        let prompts = description.languages.prompts
        if !prompts.isEmpty {
            return [("languages", prompts.map { "\($0.source) → \($0.target)" }.joined(separator: ", "))]
        }
        return source == target
            ? [("languages", list(source))] : [("reads", list(source)), ("writes", list(target))]
    }

    private var shape: Rows {
        let norm = configuration.normalization, recurs = configuration.decoderHistory == .simpleRecurrence
        let vocabulary =
            "source \(Quantity.grouped(configuration.sourceVocabularySize)), "
            + "target \(Quantity.grouped(configuration.targetVocabularySize))"
            + (configuration.sharesEmbeddings ? ", one embedding" : "")
            + (configuration.tiesOutput ? ", tied to the output" : "")
        return [
            ("vocabulary", vocabulary),
            ("width", Quantity.grouped(configuration.width)),
            ("encoder", stack(configuration.encoder)),
            ("decoder", stack(configuration.decoder) + (recurs ? ", states (SSRU) in place of self-attention" : "")),
            ("normalization", "\(norm.kind == .rms ? "RMS" : "layer"), \(norm.placement) each block"),
            ("activation", configuration.activation.rawValue + (configuration.gatedFeedForward ? ", gated" : "")),
        ]
    }

    private func stack(_ stack: ModelConfiguration.Stack) -> String {
        let positions =
            switch stack.positions {
            case .sinusoidal: "sinusoidal positions"
            case .learned: "learned positions"
            case .relative(let buckets, _): "relative positions in \(buckets) buckets"
            case .relativePerLayer(let buckets, _): "relative positions in \(buckets) buckets, in every layer"
            }
        return "\(stack.layers) layers, \(stack.heads) heads of \(stack.headWidth), "
            + "feed-forward \(Quantity.grouped(stack.feedForwardWidth)), \(positions), "
            + "\(Quantity.grouped(stack.maximumLength)) tokens"
    }

    private var search: Rows {
        let defaults = description.defaults
        var parts = [
            "beam size \(defaults.beamSize)", "length penalty \(defaults.lengthPenalty)",
            defaults.finishedKeepPlaces
                ? "finished hypotheses keep their places" : "early stopping \(defaults.earlyStopping.rawValue)",
        ]
        if let length = defaults.maximumLength { parts.append("at most \(length.counted("token"))") }
        if let factor = defaults.maximumLengthFactor {
            parts.append("at most \(factor.formatted()) times the source's tokens")
        }
        if defaults.minimumLength > 0 { parts.append("at least \(defaults.minimumLength.counted("token"))") }
        if defaults.repetitionPenalty != 1 { parts.append("repetition penalty \(defaults.repetitionPenalty)") }
        if defaults.noRepeatNgramSize > 0 { parts.append("no repeated \(defaults.noRepeatNgramSize)-grams") }
        if !defaults.suppressed.isEmpty { parts.append("suppressed sequences \(defaults.suppressed.count)") }
        if let token = defaults.forcedFirstToken { parts.append("first token \(token)") }
        if let token = defaults.forcedLastToken { parts.append("last token \(token) at the maximum length") }
        if defaults.renormalizesScores { parts.append("scores renormalized") }
        return [("search", parts.joined(separator: ", "))]
    }

    private var memory: Rows {
        let sizes = Precision.allCases.map { "\($0.rawValue) \(Quantity.bytes(description.weightBytes($0)))" }
        return [("memory", sizes.joined(separator: ", "))]
    }
}
