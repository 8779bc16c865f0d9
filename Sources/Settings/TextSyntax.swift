import Addresses
import Languages

/// What a text must look like. Whether what it names exists is for those to find out who open it.
struct TextSyntax: Sendable {
    let words: String
    let accepts: @Sendable (String) -> Bool

    static let path = TextSyntax(words: "a path") { !$0.isEmpty && !$0.contains("\0") }

    static let storeURL = TextSyntax(words: "postgresql://USER@HOST:PORT/DATABASE, as libpq takes it") { text in
        ["postgresql://", "postgres://"].contains { text.hasPrefix($0) } && !text.contains("\0")
    }

    /// Perhaps with a path; without a name and password, which would be in the log, and without a query.
    static let httpURL = TextSyntax(words: "http://HOST:PORT or https://HOST:PORT") { text in
        ["http://", "https://"].contains { text.hasPrefix($0) && text.utf8.count > $0.utf8.count }
            && text.utf8.allSatisfy { (0x21...0x7e).contains($0) && !"@?#".utf8.contains($0) }
    }

    static let bindEndpoint = TextSyntax(words: "tcp://HOST:PORT or ipc://PATH (HOST may be * for all interfaces)") {
        Endpoint($0) != nil
    }

    /// Where the gateway listens.
    static let address = TextSyntax(words: "HOST:PORT (HOST may be 0.0.0.0 or [::] for all interfaces)") {
        !$0.contains("*") && Endpoint("tcp://\($0)") != nil
    }

    static let connectEndpoint = TextSyntax(words: "tcp://HOST:PORT (a host, not a wildcard) or ipc://PATH") {
        Endpoint($0).map { !$0.isWildcard } ?? false
    }

    /// One address, or those of a broker and its standbys, with commas between.
    static let broker = TextSyntax(words: connectEndpoint.words) { addresses($0) != nil }

    /// One broker's addresses; nil when there is a mistake.
    static func addresses(_ text: String) -> [String]? {
        guard let addresses = (try? BrokerAddresses(text))?.addresses, addresses.allSatisfy(connectEndpoint.accepts)
        else { return nil }
        return addresses
    }

    /// Goes into protobuf messages, file names and log fields.
    static let name = TextSyntax(words: "a name of 1 to 64 letters, digits, '.', '_' and '-'") { text in
        (1...64).contains(text.utf8.count) && text.utf8.allSatisfy { isAlphanumeric($0) || ".-_".utf8.contains($0) }
    }

    /// Any spelling: `en`, `eng`, `pt_BR`, `zho_Hans`.
    static let language = TextSyntax(words: "a language such as en or pt-BR") { LanguageTag($0) != nil }

    /// ZeroMQ RFC 32: 32 bytes are 40 characters.
    static let key = TextSyntax(words: "a CURVE key of 40 Z85 characters, in quotes") { text in
        text.utf8.count == 40
            && text.utf8.allSatisfy { isAlphanumeric($0) || ".-:+=^!/*?&<>()[]{}@%$#".utf8.contains($0) }
    }

    @Sendable private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "A")...UInt8(ascii: "Z"):
            true
        default: false
        }
    }
}
