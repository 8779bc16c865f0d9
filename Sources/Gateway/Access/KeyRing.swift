internal import Checksums

/// The API keys that clients may use, by their digests: a key itself is in no file.
package struct KeyRing: Sendable, Hashable {
    package enum Role: String, Sendable, Hashable, CaseIterable {
        case translate, glossaries, jobs, dead, results, status

        package var meaning: String {
            switch self {
            case .translate: "translates texts, by LibreTranslate's, DeepL's and Google's interfaces"
            case .glossaries: "keeps, lists, reads and removes glossaries, those of other keys too"
            case .jobs: "submits, looks at, cancels and retries jobs"
            case .dead: "lists, retries and drops dead jobs, those of other keys too"
            case .results: "reads and acknowledges results"
            case .status: "sees the broker's state"
            }
        }
    }

    package struct Entry: Sendable, Hashable {
        /// What the log calls it.
        package var name: String
        package var roles: Set<Role>
        package var limits = KeyLimits()
    }

    private var entries: [String: Entry] = [:]

    package init() {}

    /// - Parameters:
    ///   - text: A line for each key: `DIGEST NAME ROLE,… [LIMIT=NUMBER …]`; `#` begins a comment.
    ///   - file: For messages.
    /// - Throws: What is wrong, with its line.
    package init(_ text: String, file: String) throws(KeyRingError) {
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let words = line.split(whereSeparator: \.isWhitespace).prefix { !$0.hasPrefix("#") }.map(String.init)
            guard !words.isEmpty else { continue }
            func fail(_ problem: String) -> KeyRingError { KeyRingError(problem, at: "\(file):\(index + 1)") }
            guard words.count >= 3 else {
                throw fail("a line has a digest, a name, roles and limits; dragoman api-key writes such lines")
            }
            guard words[0].utf8.count == 64, words[0].allSatisfy({ $0.isHexDigit && !$0.isUppercase }) else {
                throw fail("a digest has 64 hexadecimal digits in lower case, not \"\(words[0].prefix(80))\"")
            }
            guard entries[words[0]] == nil else { throw fail("the key is there twice") }
            var entry = Entry(name: words[1], roles: [])
            for name in words[2].split(separator: ",") {
                guard let role = Role(rawValue: String(name)) else {
                    let known = Role.allCases.map(\.rawValue).joined(separator: ", ")
                    throw fail("there is no role \"\(name)\", but \(known)")
                }
                entry.roles.insert(role)
            }
            for word in words.dropFirst(3) {
                guard entry.limits.set(word) else {
                    throw fail("\"\(word)\" is no limit; there are \(KeyLimits.forms.joined(separator: ", "))")
                }
            }
            entries[words[0]] = entry
        }
    }

    /// The digest of a key, as the file has it.
    package static func digest(of key: String) -> String {
        var digest = SecureDigest(.sha256)
        digest.add(key)
        return digest.text
    }

    /// By the digest, so that the time it takes says nothing about keys.
    package func entry(digest: String) -> Entry? { entries[digest] }
}

package struct KeyRingError: Error, Sendable, Hashable, CustomStringConvertible {
    package let problem: String
    /// The file, and its line.
    private let place: String

    init(_ problem: String, at place: String) {
        self.problem = problem
        self.place = place
    }

    package var description: String { "\(place): \(problem)" }
}
