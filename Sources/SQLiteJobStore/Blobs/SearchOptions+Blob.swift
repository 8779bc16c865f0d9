package import JobModel

/// Only what is given is written, each with its number in front; 0 ends the list.
extension SearchOptions: BlobCodable {
    package func write(to writer: inout BlobWriter) {
        for option in SearchOption.table { option.write(self, to: &writer) }
        writer.append(0)
    }

    package init(from reader: inout BlobReader) throws(BlobError) {
        self.init()
        while true {
            let number = try reader.byte()
            if number == 0 { return }
            guard let option = SearchOption.numbered(number) else {
                throw BlobError("search option \(number) is unknown")
            }
            try option.read(from: &reader, into: &self)
        }
    }
}

extension SearchOption {
    fileprivate func write(_ options: SearchOptions, to writer: inout BlobWriter) {
        func put(_ value: (some BlobCodable)?) {
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
        case .text(let path): put(options[keyPath: path])
        case .texts(let path): put(options[keyPath: path])
        case .source(let path): put(options[keyPath: path])
        }
    }

    fileprivate func read(from reader: inout BlobReader, into options: inout SearchOptions) throws(BlobError) {
        switch field {
        case .integer(let path): options[keyPath: path] = try reader.read(Int.self)
        case .number(let path): options[keyPath: path] = try reader.read(Float.self)
        case .seed(let path): options[keyPath: path] = try reader.read(UInt64.self)
        case .flag(let path): options[keyPath: path] = try reader.read(Bool.self)
        case .rule(let path): options[keyPath: path] = try reader.read(EarlyStoppingRule.self)
        case .text(let path): options[keyPath: path] = try reader.read(String.self)
        case .texts(let path): options[keyPath: path] = try reader.read([String].self)
        case .source(let path): options[keyPath: path] = try reader.read(Source.self)
        }
    }
}
