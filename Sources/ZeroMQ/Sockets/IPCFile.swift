internal import Glibc

/// The file of an `ipc://` endpoint.
///
/// libzmq deletes whatever is at the path before it binds: the socket of a broker that is alive, or anyone's file. So what
/// is there is looked at first.
struct IPCFile {
    /// unix(7): `sun_path` has 108 bytes, and a NUL ends it.
    static let pathBytesMaximum = 107

    private let endpoint: String
    private let path: String

    /// Nil when there is no file: another transport, a name that libzmq makes up (`*`), or one without a file (`@`).
    init?(endpoint: String) {
        guard endpoint.hasPrefix("ipc://") else { return nil }
        path = String(endpoint.dropFirst("ipc://".count))
        guard let first = path.first, first != "*", first != "@" else { return nil }
        self.endpoint = endpoint
    }

    func checkLength(call: String) throws(ZeroMQError) {
        guard path.utf8.count > Self.pathBytesMaximum else { return }
        throw ZeroMQError(
            call: call, endpoint: endpoint, errorNumber: ENAMETOOLONG,
            remedy: "the path has \(path.utf8.count) bytes, and at most \(Self.pathBytesMaximum) are possible; "
                + "use a shorter one")
    }

    /// Removes the socket that a dead process left behind.
    ///
    /// - Throws: `EADDRINUSE` when someone listens, `EEXIST` when it is no socket.
    func makeWay() throws(ZeroMQError) {
        try checkLength(call: "zmq_bind")
        var status = stat()
        // Whatever else is wrong with the path is for the bind to say.
        guard lstat(path, &status) == 0 else { return }
        guard status.st_mode & S_IFMT == S_IFSOCK else {
            throw ZeroMQError(
                call: "zmq_bind", endpoint: endpoint, errorNumber: EEXIST,
                remedy: "what is there is not a socket; move it away, or choose another path")
        }
        switch try knock() {
        case ECONNREFUSED:
            try zmqCheck("unlink", endpoint: endpoint) {
                let result = unlink(path)
                return result != 0 && errno == ENOENT ? 0 : result
            }
        case ENOENT: break
        // It listens, for now with a full backlog or for datagrams.
        case 0, EAGAIN, EPROTOTYPE:
            throw ZeroMQError(call: "zmq_bind", endpoint: endpoint, errorNumber: EADDRINUSE)
        case let errorNumber: throw ZeroMQError(call: "connect", endpoint: endpoint, errorNumber: errorNumber)
        }
    }

    func set(mode: UInt32) throws(ZeroMQError) {
        try zmqCheck("chmod", endpoint: endpoint) { chmod(path, mode) }
    }

    /// Knocks, and again while somebody seems to be there, for more than a second: a process that is just being made (fork)
    /// has its parent's sockets until it becomes another program, the ones too that the parent closes meanwhile, which
    /// takes its time on a busy host. Nobody answers there, but the knocking is let in.
    ///
    /// - Returns: The last call's `errno`; zero when it was let in.
    private func knock() throws(ZeroMQError) -> CInt {
        for pauseMilliseconds in [10, 20, 40, 80, 160, 320, 640] as [UInt32] {
            let errorNumber = try connect()
            guard errorNumber == 0 || errorNumber == EAGAIN else { return errorNumber }
            usleep(pauseMilliseconds * 1000)
        }
        return try connect()
    }

    /// Knocks once, without waiting.
    ///
    /// - Returns: The call's `errno`; zero when it was let in.
    private func connect() throws(ZeroMQError) -> CInt {
        let type = CInt(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
        let descriptor = try zmqCheck("socket", endpoint: endpoint) { socket(AF_UNIX, type, 0) }
        defer { close(descriptor) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let outcome = zmqRetrying {
            withUnsafeBytes(of: &address) {
                Glibc.connect(descriptor, $0.assumingMemoryBound(to: sockaddr.self).baseAddress, socklen_t($0.count))
            }
        }
        return if case .failure(let errorNumber) = outcome { errorNumber } else { 0 }
    }
}
