package import JobModel

/// Puts the outputs of a job together from those of its chunks, so that a document that was cut is, to the last bit, what
/// the engine makes of it whole: this repeats `Preparation.assemble` for what lies between pieces.
package enum Assembly {
    /// - Parameters:
    ///   - plans: All chunks of the job, in order.
    ///   - results: For each chunk, an output for each of its pieces.
    /// - Returns: An output for each source, without segment scores.
    package static func outputs(of plans: [ChunkPlan], _ results: [[Output]]) -> [Output] {
        var pieces: [[Output]] = []
        for (plan, outputs) in zip(plans, results) {
            for (piece, output) in zip(plan.pieces, outputs) {
                while pieces.count <= piece.source { pieces.append([]) }
                pieces[piece.source].append(output)
            }
        }
        return pieces.map(joined)
    }

    /// What consumers get of one piece.
    package static func published(_ output: Output) -> Output {
        var output = output
        for index in output.hypotheses.indices { output.hypotheses[index].segmentScores = [] }
        return output
    }

    private static func joined(_ pieces: [Output]) -> Output {
        if pieces.count == 1 { return published(pieces[0]) }
        let count = pieces.map(\.hypotheses.count).max() ?? 0
        var output = Output(
            hypotheses: (0..<count).map { rank in
                joined(pieces.map { $0.hypotheses[min(rank, $0.hypotheses.count - 1)] })
            })
        output.glossaryHits = pieces.reduce(0) { $0 + $1.glossaryHits }
        output.glossaryMisses = pieces.flatMap(\.glossaryMisses)
        output.confidence = pieces.compactMap(\.confidence).min()
        output.suspicion = pieces.lazy.compactMap(\.suspicion).first
        return output
    }

    private static func joined(_ parts: [Hypothesis]) -> Hypothesis {
        let alignments = parts.compactMap(\.alignment)
        let hasScores = parts.allSatisfy { $0.score != nil }
        return Hypothesis(
            text: parts.map(\.text).joined(),
            score: hasScores ? SegmentScore.mean(parts.flatMap(\.segmentScores)) : nil,
            tokens: parts.flatMap(\.tokens), tokenScores: parts.flatMap(\.tokenScores),
            alignment: alignments.isEmpty ? nil : alignments.flatMap(\.self),
            isTruncated: parts.contains(where: \.isTruncated))
    }
}
