import Foundation
import TestKit

/// A socket that keeps the datagrams sent to it until they are asked for, as the service manager and journald have one.
final class DatagramReceiver {
    /// As `NOTIFY_SOCKET` has it.
    let address: String

    private let folder: TemporaryFolder
    private let descriptor: Int32

    private struct Failure: Error { var call: String, code: Int32 }

    init(isAbstract: Bool = false) throws {
        folder = try TemporaryFolder()
        let path = folder.file("socket").path
        address = isAbstract ? "@\(path)" : path
        descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        // Written down as unix(7) says, not with the code that is tested.
        var bytes = [UInt8](path.utf8)
        if isAbstract { bytes.insert(0, at: 0) } else { bytes.append(0) }
        var name = sockaddr_un(sun_family: sa_family_t(AF_UNIX), sun_path: sockaddr_un().sun_path)
        withUnsafeMutableBytes(of: &name.sun_path) { $0.copyBytes(from: bytes) }
        let length = socklen_t(MemoryLayout<sa_family_t>.size + bytes.count)
        let result = withUnsafePointer(to: name) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, length) }
        }
        guard result == 0 else { throw Failure(call: "bind", code: errno) }
    }

    deinit { close(descriptor) }

    /// The next datagram; nil when none is there.
    func next() throws -> [UInt8]? {
        do {
            return try receive(flags: Int32(MSG_DONTWAIT))
        } catch let failure as Failure where failure.code == EAGAIN {
            return nil
        }
    }

    /// The next datagram of another process; an error when it sends none.
    func awaitNext() throws -> [UInt8] {
        var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        guard poll(&request, 1, 60_000) == 1 else { throw Failure(call: "poll", code: ETIMEDOUT) }
        return try receive(flags: 0)
    }

    func nextText() throws -> String? { try next().map { String(decoding: $0, as: UTF8.self) } }

    private func receive(flags: Int32) throws -> [UInt8] {
        var buffer = [UInt8](repeating: 0, count: 1 << 18)
        let count = recv(descriptor, &buffer, buffer.count, flags)
        guard count >= 0 else { throw Failure(call: "recv", code: errno) }
        return Array(buffer[..<count])
    }
}
