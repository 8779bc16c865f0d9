import JobModel

/// What a job is cut into, and between which languages it is to be translated.
struct JobPlan: BlobCodable, Hashable {
    var chunks: [ChunkPlan]
    var languages = LanguageSelection()

    func write(to writer: inout BlobWriter) {
        writer.write(chunks)
        // Plans of jobs that name none are as they were before jobs could name any.
        guard !languages.isEmpty else { return }
        writer.write(languages.source)
        writer.write(languages.target)
    }

    init(chunks: [ChunkPlan], languages: LanguageSelection) {
        self.chunks = chunks
        self.languages = languages
    }

    init(from reader: inout BlobReader) throws(BlobError) {
        chunks = try reader.read()
        guard reader.remaining > 0 else { return }
        languages.source = try reader.read()
        languages.target = try reader.read()
    }
}
