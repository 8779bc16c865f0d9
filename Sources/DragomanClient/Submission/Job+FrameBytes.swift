package import JobModel

extension Job {
    /// What the job takes in a SUBMIT, in bytes: never less than it does, so that a frame cut by it always fits.
    package var frameBytesMaximum: Int {
        // Ids, digest, languages, numbers and every option, each with its tag.
        var count = 512 + topic.utf8.count + trace.utf8.count
        count += model.name?.utf8.count ?? 0
        for source in sources { count += source.frameBytesMaximum }
        count += options.prefix?.frameBytesMaximum ?? 0
        count += options.forceFirstToken?.utf8.count ?? 0
        for tokens in options.suppress ?? [] { count += tokens.utf8.count + Source.lengthBytes }
        return count
    }
}

extension Source {
    /// A tag and a length of up to 32 bits, twice, for a token is a string in a message.
    fileprivate static let lengthBytes = 16

    fileprivate var frameBytesMaximum: Int {
        switch self {
        case .text(let text): text.utf8.count + Self.lengthBytes
        case .tokens(let tokens): tokens.reduce(Self.lengthBytes) { $0 + $1.utf8.count + Self.lengthBytes / 2 }
        }
    }
}
