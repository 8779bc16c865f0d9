import Glibc
import JobStore

/// System calls on the store's files that are not SQLite's.
enum Disk {
    static func sync(_ file: Int32, _ path: String) throws(StoreError) {
        if let code = failureOfSync(file) { throw StoreError(systemError: code, "fsync of", path) }
    }

    /// Makes the names in a folder durable. SQLite does so too, and ignores errors.
    static func syncFolder(_ path: String) throws(StoreError) {
        let folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        // A folder that may not be read was not made by us.
        guard folder >= 0 else { return }
        defer { close(folder) }
        // EINVAL: a file system that cannot sync folders.
        if let code = failureOfSync(folder), code != EINVAL { throw StoreError(systemError: code, "fsync of", path) }
    }

    private static func failureOfSync(_ file: Int32) -> Int32? {
        while fsync(file) != 0 {
            if errno != EINTR { return errno }
        }
        return nil
    }

    /// Whether a call failed for lack of space, or of what a quota leaves of it.
    static func isFull(_ code: Int32) -> Bool { [ENOSPC, EDQUOT, EFBIG].contains(code) }
}
