import Foundation
import JobStore

/// The folder that a broker keeps its store in, and has to itself.
final class StateDirectory: Sendable {
    let database: String
    private let path: String
    private let lock: Int32

    /// Makes what is missing, readable by its owner only, for texts are private.
    init(_ path: String) throws(StoreError) {
        let database = path + "/jobs.sqlite"
        let lockPath = path + "/jobs.lock"
        do {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            var isDirectory: ObjCBool = false
            let exists = FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory)
            guard exists && isDirectory.boolValue else {
                throw StoreError(
                    .readOnly,
                    "the state directory \(path) cannot be made"
                        + (exists ? ": it is a file; move it away" : "; make it, writable by the broker's user")
                        + ", or set another state directory")
            }
        }
        let lock = try Self.opened(lockPath)
        guard flock(lock, LOCK_EX | LOCK_NB) == 0 else {
            let code = errno
            Foundation.close(lock)
            throw code == EWOULDBLOCK
                ? StoreError(
                    .busy,
                    "another broker uses the state directory \(path) (it has locked \(lockPath)); stop it, or set "
                        + "another state directory")
                : StoreError(.failed, "\(lockPath) cannot be locked: \(String(cString: strerror(code)))")
        }
        do throws(StoreError) {
            // SQLite takes an empty file for a new database, and gives its WAL the same mode.
            let file = try Self.opened(database)
            defer { Foundation.close(file) }
            try Disk.sync(file, database)
            // That the folder is there.
            try Disk.syncFolder(path + "/..")
        } catch {
            Foundation.close(lock)
            throw error
        }
        self.path = path
        self.database = database
        self.lock = lock
    }

    /// To be called when all files are there.
    func syncNames() throws(StoreError) { try Disk.syncFolder(path) }

    deinit {
        // A child that is being made, and has not begun its program yet, holds the file open too, and so the lock.
        flock(lock, LOCK_UN)
        Foundation.close(lock)
    }

    private static func opened(_ path: String) throws(StoreError) -> Int32 {
        while true {
            let file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
            if file >= 0 { return file }
            let code = errno
            let reason = String(cString: strerror(code))
            switch code {
            case EINTR: continue
            case EACCES, EPERM, EROFS:
                throw StoreError(
                    .readOnly,
                    "\(path) cannot be written to: \(reason); give the broker's user write access to its folder, or set "
                        + "another state directory")
            case ENOSPC, EDQUOT:
                throw StoreError(.full, "\(path) cannot be made: \(reason); free some space")
            default:
                throw StoreError(.failed, "\(path) cannot be opened: \(reason)")
            }
        }
    }
}
