import Glibc

/// Files that are open, and known again at their paths.
struct StoreFiles: Sendable {
    private struct Identity: Sendable, Equatable {
        var device: UInt64
        var inode: UInt64

        init?(_ path: String) {
            var status = stat()
            guard stat(path, &status) == 0 else { return nil }
            device = UInt64(status.st_dev)
            inode = UInt64(status.st_ino)
        }
    }

    private let identities: [(path: String, identity: Identity)]

    /// Those of them that are there.
    init(_ paths: [String]) { identities = paths.compactMap { path in Identity(path).map { (path, $0) } } }

    /// The first that is not at its path any more.
    var missing: String? { identities.first { Identity($0.path) != $0.identity }?.path }
}
