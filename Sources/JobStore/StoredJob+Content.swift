package import JobModel

extension StoredJob {
    package func content(of chunk: UInt32) -> ChunkContent {
        ChunkContent(
            of: chunks[Int(chunk)], of: job, model: model, languages: job.model.languages, trace: job.trace)
    }
}

extension ChunkContent {
    /// - Parameter model: The name that the job's choice stands for.
    package init(
        of chunk: ChunkPlan, of job: Job, model: String, languages: LanguageSelection, trace: String
    ) {
        let sources = chunk.pieces.map { job.sources[$0.source].part($0.bytes) }
        self.init(
            sources: sources, options: job.options, model: model, languages: languages, trace: trace,
            wantsTokens: job.wantsTokens, glossary: job.glossary?.part(for: sources, job.options))
    }
}

extension Source {
    /// - Parameter bytes: Of the text's UTF-8, between two characters; nil: the whole source.
    package func part(_ bytes: Range<Int>?) -> Source {
        guard let bytes, case .text(let text) = self else { return self }
        return .text(String(decoding: text.utf8.dropFirst(bytes.lowerBound).prefix(bytes.count), as: UTF8.self))
    }
}

extension ChunkPlan {
    /// Whether there is an output for each piece, none of them without a hypothesis.
    package func matches(_ outputs: [Output]) -> Bool {
        outputs.count == pieces.count && outputs.allSatisfy { !$0.hypotheses.isEmpty }
    }
}
