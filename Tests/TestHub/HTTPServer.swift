import Foundation
import Synchronization

/// A server of HTTP on this host, for one request a connection; each has a thread of its own.
package final class HTTPServer: Sendable {
    package struct Request: Sendable {
        package var method: String
        /// With the query.
        package var path: String
        /// Names in small letters.
        package var fields: [String: String]

        /// Where the range begins that is asked for.
        package var first: Int? {
            fields["range"].flatMap { range in
                range.hasPrefix("bytes=") ? range.dropFirst(6).split(separator: "-").first.flatMap { Int($0) } : nil
            }
        }
    }

    package struct Answer: Sendable {
        package var status: Int
        package var fields: [String: String]
        package var body: [UInt8]
        /// After so many bytes of the body the connection is cut.
        package var cut: Int?
        /// Called before the connection is cut, on its thread: to wait there.
        package var beforeCut: (@Sendable () -> Void)?
        /// Whether the head says how long the body is.
        package var tellsLength = true

        package init(_ status: Int, _ fields: [String: String] = [:], body: [UInt8] = []) {
            self.status = status
            self.fields = fields
            self.body = body
        }
    }

    package let port: UInt16
    private let respond: @Sendable (Request) -> Answer
    private let log = Mutex<[Request]>([])

    package init(_ respond: @escaping @Sendable (Request) -> Answer) throws {
        self.respond = respond
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(INADDR_LOOPBACK).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isListening = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(listener, address, length) == 0 && listen(listener, 64) == 0
                    && getsockname(listener, address, &length) == 0
            }
        }
        guard isListening else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
        port = UInt16(bigEndian: address.sin_port)
        // A server lives as long as the process: a test holds its address, and release builds free what is not used any
        // more. So the thread keeps it.
        Thread.detachNewThread { [self] in
            while true {
                let connection = accept(listener, nil, nil)
                if connection < 0, errno == EINTR || errno == ECONNABORTED { continue }
                guard connection >= 0 else { break }
                Thread.detachNewThread {
                    self.serve(connection)
                    close(connection)
                }
            }
        }
    }

    package var address: String { "http://127.0.0.1:\(port)" }

    /// In the order in which they came.
    package var requests: [Request] { log.withLock(\.self) }

    private func serve(_ connection: Int32) {
        guard let request = Self.read(connection) else { return }
        log.withLock { $0.append(request) }
        let answer = respond(request)
        var head = "HTTP/1.1 \(answer.status) Status\r\nConnection: close\r\n"
        if answer.tellsLength, answer.fields["Content-Length"] == nil {
            head += "Content-Length: \(answer.body.count)\r\n"
        }
        for (name, value) in answer.fields { head += "\(name): \(value)\r\n" }
        guard Self.write(connection, Array((head + "\r\n").utf8)) else { return }
        _ = Self.write(connection, answer.body.prefix(answer.cut ?? answer.body.count))
        answer.beforeCut?()
    }

    private static func read(_ connection: Int32) -> Request? {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while !bytes.suffix(4).elementsEqual("\r\n\r\n".utf8) {
            let count = recv(connection, &buffer, buffer.count, 0)
            guard count > 0 else { return nil }
            bytes += buffer[..<count]
        }
        let lines = String(decoding: bytes, as: UTF8.self).components(separatedBy: "\r\n")
        let words = lines[0].split(separator: " ")
        guard words.count == 3 else { return nil }
        var request = Request(method: String(words[0]), path: String(words[1]), fields: [:])
        for line in lines.dropFirst() {
            guard let colon = line.firstIndex(of: ":") else { continue }
            request.fields[line[..<colon].lowercased()] =
                line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
        }
        return request
    }

    private static func write(_ connection: Int32, _ bytes: some Collection<UInt8>) -> Bool {
        let bytes = Array(bytes)
        var position = 0
        while position < bytes.count {
            let count = bytes.withUnsafeBytes {
                send(connection, $0.baseAddress.map { $0 + position }, $0.count - position, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return false }
            position += count
        }
        return true
    }
}
