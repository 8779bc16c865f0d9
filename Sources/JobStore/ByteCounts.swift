package import JobModel

// What values take on the wire, in bytes, roughly: for windows and queues that are bounded by bytes.

extension Output {
    package var byteCount: Int { hypotheses.reduce(remarkByteCount) { $0 + $1.byteCount } }
    /// Without what consumers do not get.
    package var publishedByteCount: Int { hypotheses.reduce(remarkByteCount) { $0 + $1.publishedByteCount } }

    /// Of what is said of the whole: its terms, confidence and suspicion.
    private var remarkByteCount: Int { glossaryMisses.reduce(11) { $0 + $1.utf8.count + 2 } }
}

extension Hypothesis {
    package var byteCount: Int { publishedByteCount + 8 * segmentScores.count }

    fileprivate var publishedByteCount: Int {
        16 + text.utf8.count + tokens.reduce(0) { $0 + $1.utf8.count + 2 } + 4 * tokenScores.count
            + (alignment ?? []).reduce(0) { $0 + 4 * $1.count + 4 }
    }
}

extension Write {
    package var byteCount: Int {
        switch self {
        case .insert(let stored):
            256 + stored.job.byteCount + stored.chunks.reduce(0) { $0 + 8 + 12 * $1.pieces.count }
        case .finish(_, _, let result): 128 + result.outputs.reduce(0) { $0 + $1.byteCount }
        case .keepGlossary(let glossary, _): 128 + glossary.byteCount + 16 * glossary.termCount
        default: 128
        }
    }
}
