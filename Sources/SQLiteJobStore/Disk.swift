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

    /// Of a file; 0 when there is none.
    static func bytes(of path: String) -> Int {
        var status = stat()
        return stat(path, &status) == 0 ? Int(status.st_size) : 0
    }

    /// What this user may still write in a folder.
    static func freeBytes(in folder: String) -> Int {
        var status = statvfs()
        // What cannot be told is found out by trying.
        guard statvfs(folder, &status) == 0 else { return .max }
        return Int(clamping: UInt64(status.f_bavail) * UInt64(status.f_frsize))
    }
}
