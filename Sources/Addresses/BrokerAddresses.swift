/// Where one broker is: at its address, or at one of several of which the others are its standbys'.
///
/// Only the broker that owns the store listens, so who is at which address is found out by trying.
package struct BrokerAddresses: Sendable, Hashable, CustomStringConvertible {
    /// In the order in which they are tried; one at least.
    package let addresses: [String]

    /// More are a mistake.
    package static let countMaximum = 16

    /// - Parameter text: One address, as it is, or several with commas between.
    /// - Throws: `Invalid` when one of several cannot be used. What is wrong with an only one, its socket says.
    package init(_ text: String) throws(Invalid) {
        let parts = Self.parts(of: text)
        guard parts.count > 1 else {
            addresses = [text]
            return
        }
        if let problem = Self.problem(in: parts) { throw Invalid(text: text, problem: problem) }
        addresses = parts
    }

    /// For people.
    package var description: String { addresses.joined(separator: ", ") }

    /// As it was read.
    package var text: String { addresses.joined(separator: ",") }

    /// At the commas, but those in the path of a socket's file.
    private static func parts(of text: String) -> [String] {
        var parts: [String] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            if let last = parts.last, last.hasPrefix("ipc://"), !part.isEmpty, !part.contains("://") {
                parts[parts.count - 1] = "\(last),\(part)"
            } else {
                parts.append(String(part.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed()))
            }
        }
        return parts
    }

    private static func problem(in parts: [String]) -> Problem? {
        guard parts.count <= countMaximum else { return .tooMany(parts.count) }
        var schemes: Set<String> = []
        for (index, part) in parts.enumerated() {
            if part.isEmpty { return .empty(place: index + 1) }
            guard let endpoint = Endpoint(part), !endpoint.isWildcard else { return .malformed(part) }
            if parts[..<index].contains(part) { return .repeated(part) }
            schemes.insert(endpoint.scheme)
        }
        return schemes.count > 1 ? .mixed : nil
    }

    /// What is wrong with a list of addresses.
    package enum Problem: Sendable, Hashable {
        /// Two commas with nothing between, or one at an end.
        case empty(place: Int)
        case malformed(String)
        case repeated(String)
        /// The standbys of a broker on `tcp://` are on other hosts, which reach no `ipc://`.
        case mixed
        case tooMany(Int)
    }

    /// A list of addresses that cannot be used: which, why, and what to do.
    package struct Invalid: Error, Sendable, Hashable, CustomStringConvertible {
        package let text: String
        package let problem: Problem

        package var description: String { "\"\(text)\" are not the addresses of a broker: \(reason)" }

        private var reason: String {
            switch problem {
            case .empty(let place): "address \(place) is empty; remove the comma, or write what is missing"
            case .malformed(let part):
                "\"\(part)\" is not an address; write each as tcp://HOST:PORT or ipc:///PATH, with commas between"
            case .repeated(let part): "\(part) is there twice; name each address once"
            case .mixed: "tcp:// and ipc:// are mixed; name addresses of one kind"
            case .tooMany(let count): "there are \(count), and at most \(countMaximum) are possible; name fewer"
            }
        }
    }
}
