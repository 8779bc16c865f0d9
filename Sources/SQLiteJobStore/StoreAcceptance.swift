import Foundation
package import JobStore

/// That what is found in a state directory is the store from now on, whatever was there before.
///
/// Nothing is deleted: the file that says what was there is set aside, and where the journal is missing an empty one
/// says that there is nothing more to come. The result logs get a new identity at the next start.
package enum StoreAcceptance {
    /// - Returns: What was done, a line each.
    /// - Throws: `StoreError`: `.busy` when a broker uses the store.
    package static func accept(in folder: String) throws(StoreError) -> [String] {
        let lock = try StateDirectory.locked(folder)
        defer { withExtendedLifetime(lock) {} }
        return try acceptLocked(in: folder)
    }

    /// The same, while this process keeps brokers out.
    static func acceptLocked(in folder: String) throws(StoreError) -> [String] {
        let database = StateDirectory.database(in: folder)
        var done: [String] = []
        let glance = DatabaseGlance(database)
        guard glance != nil || Disk.bytes(of: database) == 0 else {
            throw StoreError(
                .incompatible, "\(database) is not a job store, or is damaged; restore a backup, or move it away first")
        }
        let marker = folder + "/" + StoreMarker.name
        if access(marker, F_OK) == 0 {
            var (old, number) = (marker + ".old", 1)
            while access(old, F_OK) == 0 {
                number += 1
                old = "\(marker).old\(number)"
            }
            guard rename(marker, old) == 0 else { throw failure(marker) }
            try Disk.syncFolder(folder)
            done.append("\(marker) is \(old) now")
        }
        if let glance {
            if !glance.isClosed, access(database + "-wal", F_OK) != 0 {
                let file = try StateDirectory.opened(database + "-wal")
                close(file)
                done.append("\(database) is taken as it is; what its journal held is given up")
            } else {
                done.append("\(database) is taken as it is")
            }
            done.append("at the next start its result logs get a new identity, of which consumers are told")
        } else {
            done.append("the next start begins with a new, empty store")
        }
        return done
    }

    private static func failure(_ path: String) -> StoreError {
        StoreError(.readOnly, "\(path) cannot be written: \(String(cString: strerror(errno)))")
    }
}
