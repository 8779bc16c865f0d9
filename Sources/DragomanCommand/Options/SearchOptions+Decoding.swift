import JobModel

extension SearchOptions {
    init(_ values: KeyedDecodingContainer<JSONRequest.Key>) throws {
        func value<Value: Decodable>(_ key: JSONRequest.Key) throws -> Value? {
            do {
                return try values.decodeIfPresent(Value.self, forKey: key)
            } catch  where Value.self is any Numeric.Type && !(error is DecodingError) {
                // Foundation's own error for a number that does not fit its type, which does not say whose it is.
                throw RequestError.wrongType(Value.self, at: [key])
            }
        }
        self.init()
        beamSize = try value(.beamSize)
        nBest = try value(.nBest)
        lengthPenalty = try value(.lengthPenalty)
        maximumLength = try value(.maximumLength)
        minimumLength = try value(.minimumLength)
        maximumLengthRatio = try value(.maximumLengthRatio)
        minimumLengthRatio = try value(.minimumLengthRatio)
        if let name: String = try value(.earlyStopping) {
            guard let rule = EarlyStoppingRule(rawValue: name) else {
                throw RequestError(
                    .invalidRequest, "\"early_stopping\" must be \"full\", \"heuristic\" or \"never\", not \"\(name)\"")
            }
            earlyStopping = rule
        }
        patience = try value(.patience)
        repetitionPenalty = try value(.repetitionPenalty)
        noRepeatNgramSize = try value(.noRepeatNgramSize)
        suppress = try value(.suppress)
        forceFirstToken = try value(.forceFirstToken)
        prefix = (try value(.prefix) as TextOrTokens?)?.source
        renormalizeScores = try value(.renormalizeScores)
        samplingTopK = try value(.samplingTopK)
        samplingTopP = try value(.samplingTopP)
        temperature = try value(.temperature)
        seed = try value(.seed)
        alignments = try value(.alignments)
        returnScores = try value(.returnScores)
    }
}
