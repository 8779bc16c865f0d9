internal import Foundation

/// A hub: where it is, and who asks.
package struct HubEndpoint: Sendable {
    package static let standard = "https://huggingface.co"
    private static let tokenBytesMax = 4096
    private static let revisionBytesMax = 255

    /// Without a slash at its end.
    package let address: String
    let origin: HTTPOrigin
    let token: String?

    /// - Parameter environment: The process's, of which this reads what the hub's own programs do: `HF_ENDPOINT` and
    ///   `HF_TOKEN`.
    package init(environment: [String: String]) throws(HubError) {
        var address = environment["HF_ENDPOINT"].flatMap { $0.isEmpty ? nil : $0 } ?? Self.standard
        while address.hasSuffix("/") { address.removeLast() }
        guard let origin = HTTPOrigin(address), let parts = URLComponents(string: address), parts.query == nil,
            parts.fragment == nil, parts.user == nil, parts.password == nil
        else {
            throw HubError(
                .invalidName, "HF_ENDPOINT", "this is not the address of a hub",
                expected: "https://HOST or http://HOST:PORT",
                found: "\"\(address)\"", remedy: "unset it for \(Self.standard)")
        }
        self.address = address
        self.origin = origin
        let token = environment["HF_TOKEN"]?.trimmingCharacters(in: .whitespacesAndNewlines) ?? ""
        guard token.utf8.count <= Self.tokenBytesMax, token.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw HubError(
                .invalidName, "HF_TOKEN", "this is not a token", expected: "hf_ and letters and digits",
                found: "\(token.utf8.count) bytes with others among them",
                remedy: "copy it again from the hub's settings")
        }
        self.token = token.isEmpty ? nil : token
    }

    /// Where the hub says which files a repository has.
    func listing(of repository: RepositoryName, revision: String) throws(HubError) -> String {
        guard (1...Self.revisionBytesMax).contains(revision.utf8.count),
            revision.unicodeScalars.allSatisfy({ $0.value > 0x20 && $0.value != 0x7F })
        else {
            throw HubError(
                .invalidName, "\"\(HubError.printable(revision))\"", "this is not a revision",
                expected: "the name of a branch or a tag, or a commit", remedy: "see the page's list of branches")
        }
        return "\(address)/api/models/\(repository)/revision/\(Self.encoded(revision))?blobs=true"
    }

    /// Where a file of a commit is.
    func file(_ name: String, of repository: RepositoryName, commit: String) -> String {
        "\(address)/\(repository)/resolve/\(commit)/\(Self.encoded(name))"
    }

    /// RFC 3986, 2.3: all but the unreserved characters, as `%2F`.
    private static func encoded(_ text: String) -> String {
        var encoded = ""
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."),
                UInt8(ascii: "~"):
                encoded.unicodeScalars.append(Unicode.Scalar(byte))
            default: encoded += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
            }
        }
        return encoded
    }
}

/// Scheme, host and port: who answers, RFC 6454.
struct HTTPOrigin: Sendable, Hashable {
    let isSecure: Bool
    let host: String
    let port: Int

    /// nil when this is not an HTTP address.
    init?(_ address: String) {
        guard let parts = URLComponents(string: address), let scheme = parts.scheme?.lowercased(),
            ["http", "https"].contains(scheme), let host = parts.host?.lowercased(), !host.isEmpty
        else { return nil }
        isSecure = scheme == "https"
        self.host = host
        port = parts.port ?? (isSecure ? 443 : 80)
    }
}
