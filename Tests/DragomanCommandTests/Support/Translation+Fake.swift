import DragomanEngine

extension Source {
    var text: String {
        switch self {
        case .text(let text): text
        case .tokens(let tokens): tokens.joined(separator: " ")
        }
    }
}

extension Translation {
    /// "Translates" into capitals; a score is 1 less for every further hypothesis.
    static func capitals(_ request: TranslationRequest) -> Translation {
        let text = (request.target ?? request.source).text.uppercased()
        let count = request.options.nBest ?? 1
        let hypotheses = (0..<count).map { index in
            Hypothesis(
                text: index == 0 ? text : "\(text) \(index)", score: -0.5 - Float(index),
                tokens: text.split(separator: " ").map(String.init), tokenScores: [-0.5], alignment: nil,
                isTruncated: false)
        }
        return Translation(hypotheses: hypotheses, segments: [])
    }
}
