package import JobModel

extension Output: BlobCodable {
    package func write(to writer: inout BlobWriter) { writer.write(hypotheses) }
    package init(from reader: inout BlobReader) throws(BlobError) { self.init(hypotheses: try reader.read()) }
}

extension Output.Hypothesis: BlobCodable {
    package func write(to writer: inout BlobWriter) {
        writer.write(text)
        // What is not there is not a number: stores of before there was such a thing stay readable.
        writer.write(score ?? .nan)
        writer.write(isTruncated)
        writer.write(tokens)
        writer.write(tokenScores)
        writer.write(alignment)
        writer.write(segmentScores)
    }

    package init(from reader: inout BlobReader) throws(BlobError) {
        let text = try reader.read(String.self)
        let score = try reader.read(Float.self)
        self.init(text: text, score: score.isNaN ? nil : score, isTruncated: try reader.read())
        tokens = try reader.read()
        tokenScores = try reader.read()
        alignment = try reader.read()
        segmentScores = try reader.read()
    }
}

extension Output.SegmentScore: BlobCodable {
    package func write(to writer: inout BlobWriter) {
        writer.write(score)
        writer.write(weight)
    }

    package init(from reader: inout BlobReader) throws(BlobError) {
        let score = try reader.read(Float.self)
        self.init(score: score, weight: try reader.read())
    }
}

extension Failure: BlobCodable {
    package func write(to writer: inout BlobWriter) {
        writer.write(code)
        writer.write(message)
    }

    package init(from reader: inout BlobReader) throws(BlobError) {
        let code = try reader.read(String.self)
        self.init(code, try reader.read(String.self))
    }
}

extension JobID: BlobCodable {
    package func write(to writer: inout BlobWriter) { writer.append(raw: bytes) }

    package init(from reader: inout BlobReader) throws(BlobError) {
        // There are 16 bytes, or `raw` has thrown.
        self.init(bytes: try reader.raw(16))!
    }
}

extension JobState: BlobCodable {
    package func write(to writer: inout BlobWriter) { writer.append(rawValue) }

    package init(from reader: inout BlobReader) throws(BlobError) {
        let value = try reader.byte()
        guard let state = JobState(rawValue: value) else { throw BlobError("a job's state is \(value)") }
        self = state
    }
}

extension Record: BlobCodable {
    package func write(to writer: inout BlobWriter) {
        writer.write(sequence)
        writer.write(job)
        writer.write(state)
        writer.write(outputs)
        writer.write(failure)
        writer.write(topic)
        writer.write(trace)
        writer.write(model)
        writer.write(acceptedAt)
        writer.write(finishedAt)
        writer.write(attempts)
        writer.write(pieces)
        writer.write(retryOf)
    }

    package init(from reader: inout BlobReader) throws(BlobError) {
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
