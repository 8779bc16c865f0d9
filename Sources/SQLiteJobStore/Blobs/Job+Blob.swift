package import JobModel

extension Source: BlobCodable {
    package func write(to writer: inout BlobWriter) {
        switch self {
        case .text(let text):
            writer.append(0)
            writer.write(text)
        case .tokens(let tokens):
            writer.append(1)
            writer.write(tokens)
        }
    }

    package init(from reader: inout BlobReader) throws(BlobError) {
        switch try reader.byte() {
        case 0: self = .text(try reader.read())
        case 1: self = .tokens(try reader.read())
        case let other: throw BlobError("a source is of kind \(other)")
        }
    }
}

extension Piece: BlobCodable {
    package func write(to writer: inout BlobWriter) {
        // A bit tells whether there is a range: most pieces are a whole source, and take one byte.
        writer.append(integer: UInt64(source) << 1 | (bytes == nil ? 0 : 1))
        if let bytes {
            writer.append(integer: UInt64(bytes.lowerBound))
            writer.append(integer: UInt64(bytes.count))
        }
    }

    package init(from reader: inout BlobReader) throws(BlobError) {
        let head = try reader.integer()
        self.init(source: Int(head >> 1))
        if head & 1 == 1 {
            let lower = try reader.integer()
            let (upper, isTooLarge) = lower.addingReportingOverflow(try reader.integer())
            guard !isTooLarge, let end = Int(exactly: upper) else { throw BlobError("a piece is too large") }
            bytes = Int(lower)..<end
        }
    }
}

extension ChunkPlan: BlobCodable {
    package func write(to writer: inout BlobWriter) {
        writer.write(cost)
        writer.write(pieces)
    }

    package init(from reader: inout BlobReader) throws(BlobError) {
        let cost = try reader.read(UInt32.self)
        self.init(pieces: try reader.read(), cost: cost)
    }
}

extension EarlyStoppingRule: BlobCodable {
    package func write(to writer: inout BlobWriter) { writer.write(rawValue) }

    package init(from reader: inout BlobReader) throws(BlobError) {
        guard let rule = EarlyStoppingRule(rawValue: try reader.read()) else {
            throw BlobError("an early-stopping rule is unknown")
        }
        self = rule
    }
}
