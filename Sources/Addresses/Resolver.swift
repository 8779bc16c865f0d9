internal import Foundation

/// Which addresses a host's name has.
package struct Resolver: Sendable {
    private let hosts: @Sendable (String) -> [String]

    /// - Parameter hosts: A name's addresses in numbers, the first to be tried first; none when it is not known. It may
    ///   take its time.
    package init(_ hosts: @escaping @Sendable (String) -> [String]) { self.hosts = hosts }

    /// The system's name service.
    package static let system = Resolver { name in
        var hints = addrinfo()
        hints.ai_socktype = CInt(SOCK_STREAM.rawValue)
        hints.ai_flags = AI_ADDRCONFIG
        var first: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(name, nil, &hints, &first) == 0 else { return [] }
        defer { freeaddrinfo(first) }
        var found: [String] = []
        var next = first
        while let entry = next?.pointee {
            var text = [CChar](repeating: 0, count: Int(NI_MAXHOST))
            let result = getnameinfo(
                entry.ai_addr, entry.ai_addrlen, &text, socklen_t(text.count), nil, 0, NI_NUMERICHOST)
            let address = String(decoding: text.prefix { $0 != 0 }.map { UInt8(truncatingIfNeeded: $0) }, as: UTF8.self)
            if result == 0, !found.contains(address) { found.append(address) }
            next = entry.ai_next
        }
        return found
    }

    /// Looks names up on a thread of its own.
    ///
    /// - Parameters:
    ///   - endpoints: `tcp://NAME:PORT`.
    ///   - found: Told, for each of them, the same with the name's addresses.
    package func lookUp(_ endpoints: [String], _ found: @escaping @Sendable ([String: [String]]) -> Void) {
        Thread.detachNewThread { [hosts] in
            var answers: [String: [String]] = [:]
            for text in endpoints {
                guard let endpoint = Endpoint(text), let name = endpoint.hostName else { continue }
                answers[text] = hosts(name).map { endpoint.at($0).description }
            }
            found(answers)
        }
    }
}
