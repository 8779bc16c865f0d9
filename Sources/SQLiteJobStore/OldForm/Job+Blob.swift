package import JobModel

extension Source: BlobReadable {
    package init(from reader: inout BlobReader) throws(ValueError) {
        switch try reader.byte() {
        case 0: self = .text(try reader.read())
        case 1: self = .tokens(try reader.read())
        case let other: throw ValueError("a source is of kind \(other)")
        }
    }
}

extension Piece: BlobReadable {
    package init(from reader: inout BlobReader) throws(ValueError) {
        let head = try reader.integer()
        self.init(source: Int(head >> 1))
        if head & 1 == 1 {
            let lower = try reader.integer()
            let (upper, isTooLarge) = lower.addingReportingOverflow(try reader.integer())
            guard !isTooLarge, let end = Int(exactly: upper) else { throw ValueError("a piece is too large") }
            bytes = Int(lower)..<end
        }
    }
}

extension ChunkPlan: BlobReadable {
    package init(from reader: inout BlobReader) throws(ValueError) {
        let cost = try reader.read(UInt32.self)
        self.init(pieces: try reader.read(), cost: cost)
    }
}

extension EarlyStoppingRule: BlobReadable {
    package init(from reader: inout BlobReader) throws(ValueError) {
        guard let rule = EarlyStoppingRule(rawValue: try reader.read()) else {
            throw ValueError("an early-stopping rule is unknown")
        }
        self = rule
    }
}

extension Job: BlobReadable {
    /// Only what workers need of it; whose it is, is elsewhere.
    package init(from reader: inout BlobReader) throws(ValueError) {
        self.init(id: JobID(high: 0, low: 0), try reader.read())
        options = try reader.read()
        wantsTokens = try reader.read()
    }
}

/// Only what is given is there, each with its number in front; 0 ends the list.
extension SearchOptions: BlobReadable {
    package init(from reader: inout BlobReader) throws(ValueError) {
        self.init()
        while true {
            let number = try reader.byte()
            if number == 0 { return }
            guard let option = SearchOption.numbered(number) else {
                throw ValueError("search option \(number) is unknown")
            }
            try option.read(from: &reader, into: &self)
        }
    }
}

extension SearchOption {
    fileprivate func read(from reader: inout BlobReader, into options: inout SearchOptions) throws(ValueError) {
        switch field {
        case .integer(let path): options[keyPath: path] = try reader.read(Int.self)
        case .number(let path): options[keyPath: path] = try reader.read(Float.self)
        case .seed(let path): options[keyPath: path] = try reader.read(UInt64.self)
        case .flag(let path): options[keyPath: path] = try reader.read(Bool.self)
        case .rule(let path): options[keyPath: path] = try reader.read(EarlyStoppingRule.self)
        // Came after this form.
        case .split, .markup: throw ValueError("search option \(number) is unknown")
        case .text(let path): options[keyPath: path] = try reader.read(String.self)
        case .texts(let path): options[keyPath: path] = try reader.read([String].self)
        case .source(let path): options[keyPath: path] = try reader.read(Source.self)
        }
    }
}
