import Foundation
import Glibc

/// What Prometheus would read.
struct Scrape {
    let status: Int
    let body: String

    struct Failed: Error {}

    /// - Throws: When there is no connection, or no answer.
    init(_ path: String = "/metrics", at place: String, token: String? = nil) throws {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = Self.address(place)
        let isConnected = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
        guard isConnected else { throw Failed() }
        var limit = timeval(tv_sec: 60, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        let authorization = token.map { "Authorization: Bearer \($0)\r\n" } ?? ""
        let request = Array("GET \(path) HTTP/1.1\r\nHost: a\r\n\(authorization)Connection: close\r\n\r\n".utf8)
        guard send(descriptor, request, request.count, Int32(MSG_NOSIGNAL)) == request.count else { throw Failed() }
        var answer: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = recv(descriptor, &buffer, buffer.count, 0)
            guard count > 0 else { break }
            answer += buffer.prefix(count)
        }
        let text = String(decoding: answer, as: UTF8.self)
        guard let status = text.split(separator: " ").dropFirst().first.flatMap({ Int($0) }),
            let end = text.range(of: "\r\n\r\n")
        else { throw Failed() }
        self.status = status
        body = String(text[end.upperBound...])
    }

    /// By name and labels, as they are written.
    var samples: [String: Double] {
        let lines = body.split(separator: "\n").filter { !$0.hasPrefix("#") }
        let pairs = lines.compactMap { line -> (String, Double)? in
            guard let space = line.lastIndex(of: " "), let value = Double(line[line.index(after: space)...]) else {
                return nil
            }
            return (String(line[..<space]), value)
        }
        return Dictionary(pairs) { _, last in last }
    }

    /// What may only grow: counters, and all that histograms have.
    var growing: [String: Double] {
        let types = body.split(separator: "\n").filter { $0.hasPrefix("# TYPE ") }.map { $0.split(separator: " ") }
        let names = Set(types.filter { $0[3] != "gauge" }.map { String($0[2]) })
        return samples.filter { sample, _ in
            let name = String(sample.prefix { $0 != "{" })
            let suffixes = ["", "_bucket", "_sum", "_count"]
            return suffixes.contains { name.hasSuffix($0) && names.contains(String(name.dropLast($0.count))) }
        }
    }

    /// A place of its own: all of 127.0.0.0/8 is this host, so that no two tests meet.
    static func place() -> String {
        func part() -> Int { .random(in: 1...254) }
        return "127.\(part()).\(part()).\(part()):9464"
    }

    private static func address(_ place: String) -> sockaddr_in {
        let parts = place.split(separator: ":")
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = (in_port_t(parts[1]) ?? 0).bigEndian
        address.sin_addr.s_addr = inet_addr(String(parts[0]))
        return address
    }
}
