import DragomanEngine
import Foundation
import JobModel

extension ModelReport {
    /// The same for programs: one object on one line; sizes are bytes.
    package var json: [UInt8] {
        var json = JSONText()
        json.object { json in
            json.member("directory", description.directory.path(percentEncoded: false))
            json.member("family", configuration.family)
            json.member("source_language", description.sourceLanguage)
            json.member("target_language", description.targetLanguage)
            json.key("source_languages")
            json.languages(description.languages.source)
            json.key("target_languages")
            json.languages(description.languages.target)
            json.member("has_tokenizer", description.hasTokenizer)
            json.member("parameters", description.parameterCount)
            json.member("stored_precision", description.storedPrecision)
            json.member("stored_bytes", description.storedBytes)
            json.member("source_vocabulary_size", configuration.sourceVocabularySize)
            json.member("target_vocabulary_size", configuration.targetVocabularySize)
            json.member("shares_embeddings", configuration.sharesEmbeddings)
            json.member("ties_output", configuration.tiesOutput)
            json.member("width", configuration.width)
            json.key("encoder")
            json.stack(configuration.encoder)
            json.key("decoder")
            json.stack(configuration.decoder)
            json.member("normalization", "\(configuration.normalization.kind)")
            json.member("normalization_placement", "\(configuration.normalization.placement)")
            json.member("activation", configuration.activation.rawValue)
            json.member("gated_feed_forward", configuration.gatedFeedForward)
            json.key("search")
            json.defaults(description.defaults)
            json.key("memory_bytes")
            json.object { json in
                for precision in Precision.allCases {
                    json.member(precision.rawValue, description.weightBytes(precision))
                }
            }
        }
        return json.bytes + [UInt8(ascii: "\n")]
    }
}

extension JSONText {
    /// Each with its tag, and the model's own code for it.
    fileprivate mutating func languages(_ languages: [ModelLanguage]) {
        array(languages) { json, language in
            json.object { json in
                json.member("tag", language.tag)
                json.member("code", language.code)
            }
        }
    }

    fileprivate mutating func stack(_ stack: ModelConfiguration.Stack) {
        object { json in
            json.member("layers", stack.layers)
            json.member("heads", stack.heads)
            json.member("head_width", stack.headWidth)
            json.member("feed_forward_width", stack.feedForwardWidth)
            switch stack.positions {
            case .sinusoidal: json.member("positions", "sinusoidal")
            case .learned: json.member("positions", "learned")
            case .relative, .relativePerLayer: json.member("positions", "relative")
            }
            json.member("max_tokens", stack.maximumLength)
        }
    }

    /// The keys of options are those of JSON requests.
    fileprivate mutating func defaults(_ defaults: GenerationDefaults) {
        object { json in
            json.member("beam_size", defaults.beamSize)
            json.key("length_penalty")
            json.number(defaults.lengthPenalty)
            json.member("early_stopping", defaults.earlyStopping.rawValue)
            json.member("finished_keep_places", defaults.finishedKeepPlaces)
            json.member("max_length", defaults.maximumLength)
            json.key("max_length_factor")
            if let factor = defaults.maximumLengthFactor { json.number(factor) } else { json.null() }
            json.member("min_length", defaults.minimumLength)
            json.key("repetition_penalty")
            json.number(defaults.repetitionPenalty)
            json.member("no_repeat_ngram_size", defaults.noRepeatNgramSize)
            json.key("suppressed_ids")
            json.array(defaults.suppressed) { json, ids in json.array(ids) { $0.number($1) } }
            json.member("forced_first_id", defaults.forcedFirstToken)
            json.member("forced_last_id", defaults.forcedLastToken)
            json.member("renormalize_scores", defaults.renormalizesScores)
        }
    }
}
