import JobModel

/// What only workers need of a job; it goes when the job has ended.
struct JobContent: BlobCodable, Hashable {
    var sources: [Source]
    var options: SearchOptions
    var wantsTokens: Bool

    init(_ job: Job) {
        sources = job.sources
        options = job.options
        wantsTokens = job.wantsTokens
    }

    func write(to writer: inout BlobWriter) {
        writer.write(sources)
        writer.write(options)
        writer.write(wantsTokens)
    }

    init(from reader: inout BlobReader) throws(BlobError) {
        sources = try reader.read()
        options = try reader.read()
        wantsTokens = try reader.read()
    }
}
