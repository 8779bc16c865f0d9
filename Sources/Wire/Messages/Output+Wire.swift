import CWire
import JobModel

extension Output: WireMessage {
    init(_ message: Wire__Output) throws(Flaw) {
        self.init(
            hypotheses: try messages("hypotheses", message.hypotheses, message.n_hypotheses, Hypothesis.init(_:)))
        glossaryHits = Int(message.glossary_hits)
        glossaryMisses = try texts("glossary_misses", message.glossary_misses, message.n_glossary_misses)
        if message.confidence_presence_case == WIRE__OUTPUT__CONFIDENCE_PRESENCE_CONFIDENCE,
            (0...1).contains(message.confidence)
        {
            confidence = message.confidence
        }
        suspicion = Segment.Suspicion.numbers.first { $0.value == message.suspicious.rawValue }?.key
    }

    func write(to writer: inout MessageWriter) {
        writer.messages(1, hypotheses)
        writer.number(2, UInt32(clamping: glossaryHits))
        writer.texts(3, glossaryMisses)
        if let confidence { writer.presentFloat(4, confidence) }
        writer.number(5, suspicion.flatMap { Segment.Suspicion.numbers[$0] } ?? 0)
    }
}

extension Output.Segment.Suspicion {
    /// A number that is not here is a newer worker's, and is left out.
    fileprivate static let numbers: [Self: UInt32] = [
        .repetition: WIRE__SUSPICION__REPETITION.rawValue, .length: WIRE__SUSPICION__LENGTH.rawValue,
        .copy: WIRE__SUSPICION__COPY.rawValue, .script: WIRE__SUSPICION__SCRIPT.rawValue,
    ]
}

extension Hypothesis: WireMessage {
    fileprivate init(_ message: Wire__Hypothesis) throws(Flaw) {
        guard message.n_segment_scores == message.n_segment_weights else {
            throw Flaw(
                "segment_weights",
                "has \(message.n_segment_weights) elements, and segment_scores \(message.n_segment_scores); they go in pairs"
            )
        }
        self.init(
            text: try message.text.text("text"), score: message.unscored != 0 ? nil : message.score,
            isTruncated: message.truncated != 0)
        tokens = try texts("tokens", message.tokens, message.n_tokens)
        tokenScores = numbers(message.token_scores, message.n_token_scores)
        let rows = try messages("alignment", message.alignment, message.n_alignment) {
            (row: Wire__AlignmentRow) throws(Flaw) in numbers(row.weights, row.n_weights)
        }
        alignment = rows.isEmpty ? nil : rows
        segmentScores = (0..<message.n_segment_scores).map {
            SegmentScore(score: message.segment_scores[$0], weight: message.segment_weights[$0])
        }
    }

    func write(to writer: inout MessageWriter) {
        writer.text(1, text)
        writer.float(2, score ?? 0)
        writer.flag(3, isTruncated)
        writer.texts(4, tokens)
        writer.packed(5, tokenScores)
        for row in alignment ?? [] { writer.message(6) { $0.packed(1, row) } }
        if !segmentScores.isEmpty {
            writer.packed(7, segmentScores.map(\.score))
            writer.packed(8, segmentScores.map(\.weight))
        }
        writer.flag(9, score == nil)
    }
}
