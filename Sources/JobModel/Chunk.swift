/// A chunk's name: the job's, and which of its chunks.
package struct ChunkID: Sendable, Hashable {
    package var job: JobID
    package var index: UInt32

    package init(job: JobID, index: UInt32) {
        self.job = job
        self.index = index
    }
}

/// A stretch of a job's source.
public struct Piece: Sendable, Hashable {
    public var source: Int
    /// In bytes of the source's UTF-8; nil: the whole source, which may be tokens.
    public var bytes: Range<Int>?

    public init(source: Int, bytes: Range<Int>? = nil) {
        self.source = source
        self.bytes = bytes
    }
}

/// What a chunk consists of.
package struct ChunkPlan: Sendable, Hashable {
    package var pieces: [Piece]
    /// An estimate, in source tokens.
    package var cost: UInt32

    package init(pieces: [Piece], cost: UInt32) {
        self.pieces = pieces
        self.cost = cost
    }
}

/// What a job consists of, and what its records will repeat.
package struct JobPlan: Sendable, Hashable {
    /// What its records have in common, as far as a store has it nowhere else.
    package var draft: Record
    package var chunks: [ChunkPlan]
    package var languages: LanguageSelection

    package init(draft: Record, chunks: [ChunkPlan], languages: LanguageSelection = LanguageSelection()) {
        self.draft = draft
        self.chunks = chunks
        self.languages = languages
    }
}

/// What a worker needs to translate a chunk.
package struct ChunkContent: Sendable, Hashable {
    /// Of each piece, its part of the source.
    package var sources: [Source]
    package var options: SearchOptions
    package var model: String
    package var languages: LanguageSelection
    package var trace: String
    package var wantsTokens: Bool
    /// Of the job's, what these sources may need.
    package var glossary: Glossary?

    package init(
        sources: [Source], options: SearchOptions, model: String, languages: LanguageSelection = LanguageSelection(),
        trace: String = "", wantsTokens: Bool = false, glossary: Glossary? = nil
    ) {
        self.sources = sources
        self.options = options
        self.model = model
        self.languages = languages
        self.trace = trace
        self.wantsTokens = wantsTokens
        self.glossary = glossary
    }
}
