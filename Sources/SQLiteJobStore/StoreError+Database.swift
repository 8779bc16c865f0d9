import GRDB
import JobStore

extension StoreError {
    /// - Parameter path: The database's.
    init(_ error: any Error, path: String) {
        switch error {
        case let error as StoreError: self = error
        case let error as BlobError: self.init(.damaged, Self.damage(path, "a value in it is damaged: \(error)"))
        case let error as DatabaseError: self.init(error, path: path)
        default: self.init(.failed, "the job store \(path) failed: \(error)")
        }
    }

    private init(_ error: DatabaseError, path: String) {
        let reason = "\(error.message ?? "no reason given") (SQLite \(error.extendedResultCode.rawValue))"
        let full = "no space is left for the job store \(path): \(reason); free some space, or allow the store more"
        switch error.resultCode {
        case .SQLITE_FULL: self.init(.full, full)
        // The index of the WAL could not be made as large as it begins.
        case .SQLITE_IOERR where error.extendedResultCode == .SQLITE_IOERR_SHMSIZE: self.init(.full, full)
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

    private static func damage(_ path: String, _ reason: String) -> String {
        "the job store \(path) is damaged: \(reason); restore it from a backup, or move it away to begin anew"
    }
}
