import Foundation
import Synchronization
import TestKit

/// Stands between a store and its database, and cuts connections: each after as many bytes, in both directions together, as it
/// is told.
final class CuttingProxy: Sendable {
    /// For libpq, instead of the server's.
    let socketFolder: String
    private let folder: TemporaryFolder
    private let listener: Int32
    private let target: String
    /// What the next connections may carry, in bytes; without one: as much as there is.
    private let budgets = Mutex<[Int]>([])
    private let links = Mutex<[Link]>([])

    init(before server: PostgresServer) throws {
        folder = try TemporaryFolder()
        socketFolder = folder.url.path
        target = server.socket
        let listener = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        self.listener = listener
        let isBound = Self.withAddress(folder.file(".s.PGSQL.5432").path) { bind(listener, $0, $1) }
        guard isBound == 0, listen(listener, 64) == 0 else { throw POSIXError(.EIO) }
        Thread.detachNewThread { [weak self] in
            while true {
                let client = accept(listener, nil, nil)
                guard client >= 0, let self else { return }
                serve(client)
            }
        }
    }

    deinit { shutdown(listener, Int32(SHUT_RDWR)) }

    func cutNext(after bytes: Int) { budgets.withLock { $0.append(bytes) } }

    /// Connections to come are not cut.
    func forget() { budgets.withLock { $0 = [] } }

    func cutAll() {
        let all = links.withLock { links in
            defer { links = [] }
            return links
        }
        for link in all { link.cut() }
    }

    private func serve(_ client: Int32) {
        let budget = budgets.withLock { $0.isEmpty ? Int.max : $0.removeFirst() }
        let server = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        guard Self.withAddress(target, { connect(server, $0, $1) }) == 0 else {
            close(client)
            close(server)
            return
        }
        let link = Link(budget: budget, ends: [client, server])
        links.withLock { $0.append(link) }
        Thread.detachNewThread { link.carry(from: client, to: server) }
        Thread.detachNewThread { link.carry(from: server, to: client) }
    }

    private static func withAddress(_ path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32) -> Int32 {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(path.utf8)) }
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
    }

    private final class Link: Sendable {
        /// Ends are open as long as there are carriers.
        private let state: Mutex<(left: Int, carriers: Int)>
        private let ends: [Int32]

        init(budget: Int, ends: [Int32]) {
            state = Mutex((budget, 2))
            self.ends = ends
        }

        func cut() {
            state.withLock { state in
                if state.carriers == 2 { for end in ends { shutdown(end, Int32(SHUT_RDWR)) } }
            }
        }

        func carry(from source: Int32, to target: Int32) {
            var buffer = [UInt8](repeating: 0, count: 4096)
            while true {
                let count = recv(source, &buffer, buffer.count, 0)
                guard count > 0 else { break }
                let allowed = state.withLock { state in
                    let allowed = min(count, state.left)
                    state.left -= allowed
                    return allowed
                }
                guard send(target, buffer, allowed, Int32(MSG_NOSIGNAL)) == allowed, allowed == count else { break }
            }
            state.withLock { state in
                for end in ends { shutdown(end, Int32(SHUT_RDWR)) }
                state.carriers -= 1
                if state.carriers == 0 { for end in ends { close(end) } }
            }
        }
    }
}
