/// What becomes of the bytes that are there, when the server answers a request for the rest.
package enum ResumeDecision: Sendable, Equatable {
    /// The body goes on where the bytes end.
    case append
    /// The body is the whole file: the bytes that are there go.
    case fromStart
    /// What is there is of no use: the whole file is to be asked for.
    case askForAll
    /// The server's file has another size than was published.
    case wrongSize(Int)
    /// The status says that the body is not the file.
    case fault

    /// What to ask with.
    ///
    /// - Parameters:
    ///   - position: How many bytes are there.
    ///   - tag: The `ETag` that came with them.
    package static func headers(position: Int, tag: String?) -> [(name: String, value: String)] {
        // Of a compressed body neither the size nor the digest would be the file's.
        var headers = [(name: "Accept-Encoding", value: "identity")]
        guard position > 0 else { return headers }
        headers.append(("Range", "bytes=\(position)-"))
        // RFC 9110, 13.1.5: a weak tag must not be used here. Without one, the digest tells whether the parts fit.
        if let tag, isStrong(tag) { headers.append(("If-Range", tag)) }
        return headers
    }

    /// RFC 9110, 8.8.3: in quotes, of visible characters.
    package static func isStrong(_ tag: String) -> Bool {
        tag.utf8.count >= 2 && tag.utf8.count <= 1024 && tag.hasPrefix("\"") && tag.hasSuffix("\"")
            && tag.utf8.allSatisfy { (0x21...0x7E).contains($0) }
    }

    package init(_ head: HTTPHead, position: Int, byteCount: Int, tag: String?) {
        switch head.status {
        case 200:
            let length = head.fields["content-length"].flatMap { Int($0) }
            self = length.map { $0 == byteCount ? .fromStart : .wrongSize($0) } ?? .fromStart
        case 206 where position > 0:
            guard let range = Self.range(head.fields["content-range"]), range.first == position else {
                self = .askForAll
                return
            }
            let isSame = tag == nil || head.fields["etag"] == nil || head.fields["etag"] == tag
            self = isSame && (range.total ?? byteCount) == byteCount ? .append : .askForAll
        case 416 where position > 0: self = .askForAll
        default: self = .fault
        }
    }

    /// RFC 9110, 14.4: `bytes 100-199/200`, or `*` in the place of the total.
    private static func range(_ field: String?) -> (first: Int, total: Int?)? {
        guard let field, field.lowercased().hasPrefix("bytes ") else { return nil }
        let parts = field.dropFirst(6).split(separator: "/")
        guard parts.count == 2, let first = parts[0].split(separator: "-").first.flatMap({ Int($0) }) else {
            return nil
        }
        if parts[1] == "*" { return (first, nil) }
        guard let total = Int(parts[1]) else { return nil }
        return (first, total)
    }
}
