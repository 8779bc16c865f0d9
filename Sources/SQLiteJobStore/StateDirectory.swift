import Foundation
import JobStore

/// The folder that a broker keeps its store in, and has to itself.
final class StateDirectory: Sendable {
    let database: String
    let path: String
    /// What was beside the database.
    let marker: StoreMarker?
    private let lock: Int32

    /// Makes what is missing, readable by its owner only, for texts are private.
    init(_ path: String) throws(StoreError) {
        let database = Self.database(in: path)
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
        let lock = try Self.lock(path)
        do throws(StoreError) {
            marker = try StoreMarker(in: path)
            try Self.checkPresence(of: database, marker)
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
    static func database(in folder: String) -> String { folder + "/jobs.sqlite" }

    /// Keeps brokers out of a folder that is there for as long as what is returned lives.
    static func locked(_ folder: String) throws(StoreError) -> AnyObject {
        guard access(folder, F_OK) == 0 else {
            throw StoreError(.readOnly, "there is no state directory \(folder)")
        }
        return Lock(try lock(folder))
    }

    private final class Lock: Sendable {
        private let file: Int32
        init(_ file: Int32) { self.file = file }
        deinit { Foundation.close(file) }
    }

    private static func lock(_ path: String) throws(StoreError) -> Int32 {
        let lockPath = path + "/jobs.lock"
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
        return lock
    }

    deinit {
        // A child that is being made, and has not begun its program yet, holds the file open too, and so the lock.
        flock(lock, LOCK_UN)
        Foundation.close(lock)
    }

    /// That the database is not new where there has been one, and not without the journal that belongs to it.
    static func checkPresence(of database: String, _ marker: StoreMarker?) throws(StoreError) {
        var status = stat()
        let exists = stat(database, &status) == 0
        guard exists, status.st_size > 0 else {
            guard marker == nil else {
                throw StoreIdentity.missing(database, exists ? "is an empty file" : "is missing")
            }
            return
        }
        guard let glance = DatabaseGlance(database), !glance.isClosed else { return }
        guard access(database + "-wal", F_OK) != 0 else { return }
        // SQLite removes the journal when a tool that has looked at the database is the last to close it; then all of it is
        // in the database, as far as the marker knows.
        guard let marker, !marker.isCopy, glance.epoch >= marker.epoch, let noted = marker.changes,
            let changes = glance.changes, changes >= noted
        else { throw StoreIdentity.withoutJournal(database) }
    }

    /// Gives a file that root has made in a service's folder to the service, which is to read and write it.
    static func giveToService(_ file: Int32, in folder: String) throws(StoreError) {
        guard geteuid() == 0 else { return }
        var status = stat()
        guard stat(folder, &status) == 0, fchown(file, status.st_uid, status.st_gid) == 0 else {
            throw StoreError(systemError: errno, "giving a new file to the owner of", folder)
        }
    }

    /// Opens a file of a state directory, and makes it where there is none.
    static func opened(_ path: String) throws(StoreError) -> Int32 {
        while true {
            // Only what is new gets an owner: what is there may be a link to anything.
            let new = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
            if new >= 0 {
                do throws(StoreError) {
                    try giveToService(new, in: URL(fileURLWithPath: path).deletingLastPathComponent().path)
                } catch {
                    Foundation.close(new)
                    throw error
                }
                return new
            }
            let file = errno == EEXIST ? open(path, O_RDWR | O_CLOEXEC) : -1
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
