import JobModel

/// What a job is cut into, and between which languages it is to be translated.
struct OldPlan: BlobReadable {
    var chunks: [ChunkPlan]
    var languages = LanguageSelection()

    init(from reader: inout BlobReader) throws(ValueError) {
        chunks = try reader.read()
        // Plans of before format 6 end here, and of jobs that name none.
        guard reader.remaining > 0 else { return }
        languages.source = try reader.read()
        languages.target = try reader.read()
    }
}
