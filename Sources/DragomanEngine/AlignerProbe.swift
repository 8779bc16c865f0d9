import Inference

/// Finds out which head of a model aligns best: it translates names and numbers, which stay what they are, and counts for each
/// head how often it looks at the token that was copied.
struct AlignerProbe {
    /// Names and numbers, for models of any language.
    static let texts = [
        "Anna 17, Berlin 2045, Peter 3, London 88.", "Maria: 12, 480, 7, 3500, 61.",
        "Robert, Paris, Sophia, Madrid, David, Vienna.", "2019, 35, 640, 8, 1200, 77, 53.",
        "Daniel 5 Oslo 93 Laura 41 Rome 206.", "Helena (14), Thomas (29), Julia (350), Martin (6).",
    ]

    let heads: [AttentionHead]
    private var hits: [Int]
    private var copies = 0

    init(_ configuration: ModelConfiguration) {
        heads = (0..<configuration.decoder.layers).flatMap { layer in
            (0..<configuration.decoder.heads).map { AttentionHead(layer: layer, head: $0) }
        }
        // For each head, as it is and shifted.
        hits = Array(repeating: 0, count: 2 * heads.count)
    }

    /// Counts one translation, with the weights of all heads.
    /// - Parameters:
    ///   - source: What the encoder read.
    ///   - target: The hypothesis' tokens.
    mutating func count(_ hypothesis: TokenHypothesis, source: [String], target: [String]) {
        let places = Self.single(source)
        for (token, word) in Self.single(target) {
            guard let place = places[token], token.contains(where: { $0.isLetter || $0.isNumber }) else { continue }
            copies += 1
            for index in hits.indices {
                let row = word + index % 2
                guard row < hypothesis.headWeights.count else { continue }
                let begin = index / 2 * source.count
                let weights = hypothesis.headWeights[row][begin..<begin + source.count]
                let best = weights.indices.max { weights[$0] < weights[$1] }
                if best == begin + place { hits[index] += 1 }
            }
        }
    }

    /// The head that was right most often; nil where none was right more often than not, or too little was copied.
    var best: Aligner? {
        guard copies >= Self.copiesMinimum, let most = hits.max(), 2 * most > copies,
            let index = hits.firstIndex(of: most)
        else { return nil }
        return Aligner(head: heads[index / 2], isShifted: index % 2 == 1)
    }

    private static let copiesMinimum = 8

    /// The places of tokens that stand only once.
    private static func single(_ tokens: [String]) -> [String: Int] {
        var places: [String: Int] = [:]
        var several: Set<String> = []
        for (place, token) in tokens.enumerated() where places.updateValue(place, forKey: token) != nil {
            several.insert(token)
        }
        return places.filter { !several.contains($0.key) }
    }
}
