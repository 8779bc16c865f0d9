internal import Glibc

/// What the system says of file descriptors.
package enum Descriptors {
    /// The user at the other end of a Unix socket: `uid 1000`.
    static func peerUser(of descriptor: CInt) -> String {
        // unix(7), SO_PEERCRED: process, user, group. (Glibc hides its name for it, `struct ucred`.)
        var credentials: (process: CInt, user: UInt32, group: UInt32) = (0, .max, .max)
        var size = socklen_t(MemoryLayout.size(ofValue: credentials))
        let result = getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &credentials, &size)
        return result == 0 ? "uid \(credentials.user)" : "an unknown user"
    }

    /// Raises the limit of open files as far as this user may.
    ///
    /// - Returns: What it is then.
    @discardableResult
    package static func raiseLimit() -> Int {
        let resource = CInt(RLIMIT_NOFILE.rawValue)
        var limit = rlimit()
        guard getrlimit(resource, &limit) == 0 else { return 1024 }
        var raised = rlimit(rlim_cur: limit.rlim_max, rlim_max: limit.rlim_max)
        if limit.rlim_cur < limit.rlim_max, setrlimit(resource, &raised) == 0 { limit = raised }
        return Int(clamping: limit.rlim_cur)
    }
}
