import Foundation
import Synchronization

/// Stands before a Unix socket, as the network between two hosts: it cuts connections, each after as many bytes as it is told,
/// and holds back what is on its way.
package final class SocketRelay: Sendable {
    package enum Direction: Sendable { case requests, answers }

    /// Where clients connect to.
    package let path: String
    /// Where that is: what libpq asks for.
    package var socketFolder: String { folder.url.path }
    private let folder: TemporaryFolder
    private let listener: Int32
    private let target: String
    /// What the next connections may carry, in bytes, in both directions together; without one: as much as there is.
    private let budgets = Mutex<[Int]>([])
    private let links = Mutex<[Link]>([])
    private let gate = Gate()

    /// Before a database.
    package convenience init(before server: PostgresServer) throws {
        try self.init(before: server.socket, named: URL(filePath: server.socket).lastPathComponent)
    }

    /// - Parameter target: It need not be there yet.
    package init(before target: String, named name: String = "relay") throws {
        folder = try TemporaryFolder()
        path = folder.file(name).path
        self.target = target
        let listener = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        self.listener = listener
        let isBound = Self.withAddress(path) { bind(listener, $0, $1) }
        guard isBound == 0, listen(listener, 64) == 0 else { throw POSIXError(.EIO) }
        Thread.detachNewThread { [weak self] in
            while true {
                let client = accept(listener, nil, nil)
                // EINVAL: it was shut down. Anything else passes.
                if client < 0, errno != EINVAL {
                    usleep(10_000)
                    continue
                }
                guard client >= 0, let self else {
                    if client >= 0 { close(client) }
                    close(listener)
                    return
                }
                serve(client)
            }
        }
    }

    deinit {
        gate.release()
        shutdown(listener, Int32(SHUT_RDWR))
    }

    package func cutNext(after bytes: Int) { budgets.withLock { $0.append(bytes) } }

    /// Connections to come are not cut.
    package func forget() { budgets.withLock { $0 = [] } }

    package func cutAll() {
        let all = links.withLock { links in
            defer { links = [] }
            return links
        }
        for link in all { link.cut() }
    }

    /// Keeps what is sent in these directions, also of connections to come, until it is released; then it arrives, whether or
    /// not the sender is still there.
    package func hold(_ directions: Set<Direction>) { gate.hold(directions) }
    package func release() { gate.release() }

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
        let gate = gate
        Thread.detachNewThread { link.carry(from: client, to: server) { gate.pass(.requests) } }
        Thread.detachNewThread { link.carry(from: server, to: client) { gate.pass(.answers) } }
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

    private final class Gate: Sendable {
        private let state = Mutex<(held: Set<Direction>, waiters: [DispatchSemaphore])>(([], []))

        func hold(_ directions: Set<Direction>) { state.withLock { $0.held = directions } }

        func release() {
            let waiters = state.withLock { state in
                defer { state = ([], []) }
                return state.waiters
            }
            for waiter in waiters { waiter.signal() }
        }

        func pass(_ direction: Direction) {
            let waiter = state.withLock { state -> DispatchSemaphore? in
                guard state.held.contains(direction) else { return nil }
                let waiter = DispatchSemaphore(value: 0)
                state.waiters.append(waiter)
                return waiter
            }
            waiter?.wait()
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

        /// - Parameter pass: Returns when what has come may go on.
        func carry(from source: Int32, to target: Int32, _ pass: () -> Void) {
            var buffer = [UInt8](repeating: 0, count: 4096)
            while true {
                let count = recv(source, &buffer, buffer.count, 0)
                guard count > 0 else { break }
                pass()
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
