/// Why an archive cannot be read.
package struct ArchiveError: Error, Sendable, Equatable {
    package enum Kind: Sendable, Equatable {
        /// It is not an archive, or is damaged.
        case malformed
        /// It is in order, but made in a way that is not supported.
        case unsupported
    }

    package var kind: Kind
    package var problem: String
    package var expected: String?
    package var found: String?
    package var remedy: String?

    init(_ kind: Kind, _ problem: String, expected: String? = nil, found: String? = nil, remedy: String? = nil) {
        self.kind = kind
        self.problem = problem
        self.expected = expected
        self.found = found
        self.remedy = remedy
    }
}
