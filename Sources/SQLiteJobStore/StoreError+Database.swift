import GRDB
import Glibc
import JobStore
import Wire

extension StoreError {
    /// - Parameters:
    ///   - path: The database's.
    ///   - systemError: errno of the system call that failed last, where that is known.
    init(_ error: any Error, path: String, systemError: Int32 = 0) {
        switch error {
        case let error as StoreError: self = error
        case let error as ValueError: self.init(.damaged, Self.damage(path, "a value in it is damaged: \(error)"))
        case let error as WireError: self.init(.damaged, Self.damage(path, "a value in it is damaged: \(error)"))
        case let error as RowDamage:
            self.init(
                .damaged,
                "the job store \(path) is damaged at \(error); `dragoman store check` lists all that is")
        case let error as DatabaseError: self.init(error, path: path, systemError: systemError)
        default: self.init(.failed, "the job store \(path) failed: \(error)")
        }
    }

    /// - Parameter action: What was tried with the file at the path.
    init(systemError code: Int32, _ action: String, _ path: String) {
        let reason = "\(action) \(path): \(String(cString: strerror(code)))"
        if Disk.isFull(code) {
            self.init(.full, "no space is left for the job store: \(reason); free some space")
        } else {
            self.init(.diskFailed, Self.diskFailure(reason))
        }
    }

    private init(_ error: DatabaseError, path: String, systemError: Int32) {
        let reason = "\(error.message ?? "no reason given") (SQLite \(error.extendedResultCode.rawValue))"
        let full = "no space is left for the job store \(path): \(reason); free some space, or allow the store more"
        switch error.resultCode {
        case .SQLITE_FULL: self.init(.full, full)
        // The index of the WAL could not be made as large as it begins.
        case .SQLITE_IOERR where error.extendedResultCode == .SQLITE_IOERR_SHMSIZE: self.init(.full, full)
        case .SQLITE_IOERR where Self.isFailedWrite(error.extendedResultCode):
            // SQLite knows ENOSPC as a full disk, but not a quota. A sync that fails has lost what was written, whatever the
            // reason.
            if error.extendedResultCode == .SQLITE_IOERR_WRITE && Disk.isFull(systemError) {
                self.init(.full, full)
            } else {
                self.init(.diskFailed, Self.diskFailure("\(path): \(reason)"))
            }
        case .SQLITE_READONLY, .SQLITE_PERM:
            self.init(
                .readOnly,
                "the job store \(path) cannot be written to: \(reason); give the broker's user write access to the file "
                    + "and its folder")
        case .SQLITE_BUSY, .SQLITE_LOCKED:
            self.init(.busy, "another program holds the job store \(path): \(reason); stop it")
        case .SQLITE_NOTADB:
            self.init(
                .incompatible, "\(path) is not a job store: \(reason); move it away, or set another state directory")
        case .SQLITE_CORRUPT: self.init(.corrupt, Self.damage(path, reason))
        case .SQLITE_CANTOPEN:
            self.init(.failed, "the job store \(path) cannot be opened: \(reason); look at the folder's permissions")
        default: self.init(.failed, "the job store \(path) failed: \(reason)")
        }
    }

    private static func isFailedWrite(_ code: ResultCode) -> Bool {
        [.SQLITE_IOERR_WRITE, .SQLITE_IOERR_FSYNC, .SQLITE_IOERR_DIR_FSYNC, .SQLITE_IOERR_TRUNCATE].contains(code)
    }

    private static func diskFailure(_ reason: String) -> String {
        "the disk of the job store failed (\(reason)), so nothing more is accepted. What was accepted before is safe: see the "
            + "kernel's log for the cause, repair the disk, look at the store with `dragoman store check`, and start the "
            + "broker again"
    }

    private static func damage(_ path: String, _ reason: String) -> String {
        "the job store \(path) is damaged: \(reason); restore it from a backup, or move it away to begin anew"
    }
}
