import Glibc

enum FreeSpace {
    /// What this user may still write to the disk of a folder; nil when it cannot be told.
    static func bytes(in folder: String) -> UInt64? {
        var status = statvfs()
        guard statvfs(folder, &status) == 0 else { return nil }
        return UInt64(status.f_bavail) * UInt64(status.f_frsize)
    }
}
