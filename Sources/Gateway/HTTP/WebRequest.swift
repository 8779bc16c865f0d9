internal import Glibc
internal import JobModel

/// A request as it came, whole.
package struct WebRequest: Sendable {
    package var method: String
    /// Without the query; as the client wrote it.
    package var path: String
    /// What follows the question mark.
    package var query: String
    /// Names in lower case.
    package var headers: [String: String]
    package var body: [UInt8]
    /// The client's address.
    package var peer: String
    /// Whether it came within TLS.
    package var isSecure = false

    package init(
        _ method: String, _ target: String, headers: [String: String] = [:], body: [UInt8] = [], peer: String = ""
    ) {
        self.method = method
        let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        path = String(parts.first ?? "")
        query = parts.count > 1 ? String(parts[1]) : ""
        self.headers = headers
        self.body = body
        self.peer = peer
    }

    /// The trace that the request is a part of, as W3C has it, for its jobs; empty: none that a job can have.
    package var trace: String {
        guard let trace = headers["traceparent"], trace.utf8.count <= Limit.trace else { return "" }
        return trace
    }

    /// The media type of the body, in lower case and without parameters.
    package var mediaType: String {
        let type = headers["content-type"]?.split(separator: ";", omittingEmptySubsequences: false).first ?? ""
        return type.trimmingBlanks.lowercased()
    }

    package var isJSON: Bool { mediaType == "application/json" || mediaType.hasSuffix("+json") }

    /// The path's parts, decoded; nil: a part is not UTF-8.
    package var segments: [String]? {
        var segments: [String] = []
        for part in path.split(separator: "/") {
            guard let text = PercentEncoding.decoded(part, plusIsBlank: false) else { return nil }
            segments.append(text)
        }
        return segments
    }
}

extension WebRequest {
    /// Whether it is not from a page of another origin that a browser shows. Browsers say so of themselves
    /// (https://www.w3.org/TR/fetch-metadata/), unless the gateway is reached without TLS and not on this host; then they
    /// name the origin of what may change something.
    var isOfOwnOrigin: Bool {
        if let site = headers["sec-fetch-site"] { return ["none", "same-origin"].contains(site) }
        guard let origin = headers["origin"], let host = headers["host"] else { return true }
        return ["http://\(host)", "https://\(host)"].contains(origin)
    }

    /// Whether the client has named the gateway by an address or as localhost, and not by a name that anyone may give it.
    var isAddressed: Bool {
        guard let host = headers["host"] else { return true }
        let name = String(host.hasPrefix("[") ? host.dropFirst().prefix { $0 != "]" } : host.prefix { $0 != ":" })
        if name.lowercased() == "localhost" { return true }
        var address = in6_addr()
        return inet_pton(AF_INET, name, &address) == 1 || inet_pton(AF_INET6, name, &address) == 1
    }
}

extension StringProtocol {
    var trimmingBlanks: String {
        var part = self[...]
        while part.first == " " || part.first == "\t" { part = part.dropFirst() }
        while part.last == " " || part.last == "\t" { part = part.dropLast() }
        return String(part)
    }
}
