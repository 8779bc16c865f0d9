package import JobModel

extension Output: BlobReadable {
    package init(from reader: inout BlobReader) throws(ValueError) { self.init(hypotheses: try reader.read()) }
}

extension Hypothesis: BlobReadable {
    package init(from reader: inout BlobReader) throws(ValueError) {
        let text = try reader.read(String.self)
        let score = try reader.read(Float.self)
        self.init(text: text, score: score.isNaN ? nil : score, isTruncated: try reader.read())
        tokens = try reader.read()
        tokenScores = try reader.read()
        let rows = try reader.read([[Float]].self)
        alignment = rows.isEmpty ? nil : rows
        segmentScores = try reader.read()
    }
}

extension SegmentScore: BlobReadable {
    package init(from reader: inout BlobReader) throws(ValueError) {
        let score = try reader.read(Float.self)
        self.init(score: score, weight: try reader.read())
    }
}

extension Failure: BlobReadable {
    package init(from reader: inout BlobReader) throws(ValueError) {
        let code = try reader.read(String.self)
        self.init(code, try reader.read(String.self))
    }
}

extension JobID: BlobReadable {
    package init(from reader: inout BlobReader) throws(ValueError) {
        // There are 16 bytes, or `raw` has thrown.
        self.init(bytes: try reader.raw(16))!
    }
}

extension JobState: BlobReadable {
    package init(from reader: inout BlobReader) throws(ValueError) {
        let value = try reader.byte()
        guard let state = JobState(rawValue: value) else { throw ValueError("a job's state is \(value)") }
        self = state
    }
}

extension Record: BlobReadable {
    package init(from reader: inout BlobReader) throws(ValueError) {
        let sequence = try reader.read(UInt64.self)
        let job = try reader.read(JobID.self)
        self.init(sequence: sequence, job: job, state: try reader.read())
        outputs = try reader.read()
        failure = try reader.read()
        topic = try reader.read()
        trace = try reader.read()
        model = try reader.read()
        acceptedAt = try reader.read()
        finishedAt = try reader.read()
        attempts = try reader.read()
        pieces = try reader.read()
        retryOf = try reader.read()
    }
}
