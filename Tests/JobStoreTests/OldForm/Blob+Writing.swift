import JobModel
import SQLiteJobStore

/// The old form, as releases wrote it before the database had format 7.
protocol BlobWritable {
    func write(to writer: inout BlobWriter)
}

extension Blob {
    static func bytes(_ value: some BlobWritable) -> [UInt8] {
        var writer = BlobWriter()
        writer.append(1)
        writer.write(value)
        return writer.bytes
    }
}

extension UInt64: BlobWritable {
    func write(to writer: inout BlobWriter) { writer.append(integer: self) }
}

extension UInt32: BlobWritable {
    func write(to writer: inout BlobWriter) { writer.append(integer: UInt64(self)) }
}

extension Int: BlobWritable {
    func write(to writer: inout BlobWriter) {
        writer.append(integer: UInt64(bitPattern: Int64((self << 1) ^ (self >> 63))))
    }
}

extension Bool: BlobWritable {
    func write(to writer: inout BlobWriter) { writer.append(self ? 1 : 0) }
}

extension Float: BlobWritable {
    func write(to writer: inout BlobWriter) {
        withUnsafeBytes(of: bitPattern.littleEndian) { writer.append(raw: $0) }
    }
}

extension String: BlobWritable {
    func write(to writer: inout BlobWriter) {
        writer.append(integer: UInt64(utf8.count))
        writer.append(raw: utf8)
    }
}

extension Optional: BlobWritable where Wrapped: BlobWritable {
    func write(to writer: inout BlobWriter) {
        writer.write(self != nil)
        if let self { writer.write(self) }
    }
}

extension Array: BlobWritable where Element: BlobWritable {
    func write(to writer: inout BlobWriter) {
        writer.append(integer: UInt64(count))
        for element in self { writer.write(element) }
    }
}

extension Source: BlobWritable {
    func write(to writer: inout BlobWriter) {
        switch self {
        case .text(let text):
            writer.append(0)
            writer.write(text)
        case .tokens(let tokens):
            writer.append(1)
            writer.write(tokens)
        }
    }
}

extension Piece: BlobWritable {
    func write(to writer: inout BlobWriter) {
        // A bit tells whether there is a range: most pieces are a whole source, and take one byte.
        writer.append(integer: UInt64(source) << 1 | (bytes == nil ? 0 : 1))
        if let bytes {
            writer.append(integer: UInt64(bytes.lowerBound))
            writer.append(integer: UInt64(bytes.count))
        }
    }
}

extension ChunkPlan: BlobWritable {
    func write(to writer: inout BlobWriter) {
        writer.write(cost)
        writer.write(pieces)
    }
}

extension EarlyStoppingRule: BlobWritable {
    func write(to writer: inout BlobWriter) { writer.write(rawValue) }
}

extension SearchOptions: BlobWritable {
    func write(to writer: inout BlobWriter) {
        for option in SearchOption.table { option.write(self, to: &writer) }
        writer.append(0)
    }
}

extension SearchOption {
    fileprivate func write(_ options: SearchOptions, to writer: inout BlobWriter) {
        func put(_ value: (some BlobWritable)?) {
            guard let value else { return }
            writer.append(number)
            writer.write(value)
        }
        switch field {
        case .integer(let path): put(options[keyPath: path])
        case .number(let path): put(options[keyPath: path])
        case .seed(let path): put(options[keyPath: path])
        case .flag(let path): put(options[keyPath: path])
        case .rule(let path): put(options[keyPath: path])
        // Came after this form.
        case .split(let path): precondition(options[keyPath: path] == nil)
        case .markup(let path): precondition(options[keyPath: path] == nil)
        case .text(let path): put(options[keyPath: path])
        case .texts(let path): put(options[keyPath: path])
        case .source(let path): put(options[keyPath: path])
        }
    }
}

extension Output: BlobWritable {
    func write(to writer: inout BlobWriter) { writer.write(hypotheses) }
}

extension Hypothesis: BlobWritable {
    func write(to writer: inout BlobWriter) {
        writer.write(text)
        // What is not there is not a number: stores of before there was such a thing stay readable.
        writer.write(score ?? .nan)
        writer.write(isTruncated)
        writer.write(tokens)
        writer.write(tokenScores)
        writer.write(alignment ?? [])
        writer.write(segmentScores)
    }
}

extension SegmentScore: BlobWritable {
    func write(to writer: inout BlobWriter) {
        writer.write(score)
        writer.write(weight)
    }
}

extension Failure: BlobWritable {
    func write(to writer: inout BlobWriter) {
        writer.write(code)
        writer.write(message)
    }
}

extension JobID: BlobWritable {
    func write(to writer: inout BlobWriter) { writer.append(raw: bytes) }
}

extension JobState: BlobWritable {
    func write(to writer: inout BlobWriter) { writer.append(rawValue) }
}

extension Record: BlobWritable {
    func write(to writer: inout BlobWriter) {
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
}

extension Job: BlobWritable {
    func write(to writer: inout BlobWriter) {
        writer.write(sources)
        writer.write(options)
        writer.write(wantsTokens)
    }
}
