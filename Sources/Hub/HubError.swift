import Wording

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// Why a model could not be fetched, found or removed: what was wrong, where, and what to do about it.
package struct HubError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The kind of fault.
    package enum Code: Sendable, Hashable {
        /// A repository's name, a revision or an address is not one.
        case invalidName
        /// There is no such repository, revision, file or model.
        case notFound
        /// The repository wants a token, another one, or its terms accepted.
        case forbidden
        /// The repository holds nothing that can be read as a model.
        case noModel
        /// What the hub says is not what its interface promises.
        case malformedAnswer
        /// The hub refuses, and would again.
        case refused
        /// The hub cannot be reached, or its connections do not last.
        case unreachable
        /// The hub is not who it should be.
        case untrusted
        /// What came is not what was published.
        case damaged
        /// Another process works on the same model.
        case busy
        /// A disk that is full, or a folder that may not be written.
        case unwritable
        /// Something of the system is not installed.
        case missingLibrary
        /// The user has ended it.
        case interrupted
    }

    package let code: Code
    /// A repository, a file or an address.
    package let subject: String
    /// What was wrong, in a few words, without the rest of this value.
    package let problem: String
    package let expected: String?
    package let found: String?
    /// What to do.
    package let remedy: String?

    package init(
        _ code: Code, _ subject: String, _ problem: String, expected: String? = nil, found: String? = nil,
        remedy: String? = nil
    ) {
        self.code = code
        self.subject = subject
        self.problem = problem
        self.expected = expected
        self.found = found
        self.remedy = remedy
    }

    /// Everything above as one sentence or two, on one line.
    package var message: String {
        var message = "\(Self.printable(subject)): \(Self.printable(problem))"
        let parts = [expected.map { "expected \($0)" }, found.map { "found \($0)" }].compactMap { $0 }
        if !parts.isEmpty { message += ": " + Self.printable(parts.joined(separator: ", ")) }
        if let remedy { message += "; \(remedy)" }
        return message
    }

    package var description: String { message }

    /// Others' text, fit for a log or a terminal.
    static func printable(_ text: some StringProtocol) -> String { text.printable(limit: 300) }

    static func system(_ call: String, _ path: String, _ code: Int32, remedy: String? = nil) -> HubError {
        HubError(.unwritable, path, "\(call): \(String(cString: strerror(code)))", remedy: remedy)
    }
}
