import Foundation
import GRDB
package import JobStore
import Wording

/// Copies a store to a file while its broker runs, and makes a store of such a file.
package enum StoreBackup {
    /// Writes what is committed when it begins, and perhaps some of what is committed meanwhile: one state of the store,
    /// in a file that only its owner can read. The broker goes on.
    ///
    /// - Parameter path: A file that does not exist yet. It appears when it is complete and on the disk.
    /// - Throws: `StoreError`.
    package static func make(of folder: String, to path: String) throws(StoreError) {
        let database = StateDirectory.database(in: folder)
        guard access(database, F_OK) == 0 else {
            throw StoreError(.failed, "there is no job store in \(folder); see --state-directory")
        }
        try appear(path, reading: database) { (partial, _) in
            var reading = Configuration()
            reading.readonly = true
            let source = try DatabaseQueue(path: database, configuration: reading)
            let target = try DatabaseQueue(path: partial)
            // One step: a read transaction of SQLite, so that commits meanwhile do not begin it again.
            try source.backup(to: target)
            try check(target, path: database)
            try target.close()
            try source.close()
        }
    }

    /// Puts a backup into a state directory that has no store. The result logs get a new identity at the next start.
    ///
    /// - Returns: What was done, a line each.
    /// - Throws: `StoreError`: `.busy` when a broker uses the directory.
    package static func restore(_ path: String, to folder: String) throws(StoreError) -> [String] {
        let database = StateDirectory.database(in: folder)
        do {
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw StoreError(.readOnly, "the state directory \(folder) cannot be made: \(error.reason)")
        }
        let lock = try StateDirectory.locked(folder)
        defer { withExtendedLifetime(lock) {} }
        for name in [database, database + "-wal"] where access(name, F_OK) == 0 {
            throw StoreError(.failed, "\(folder) has a store (\(name)); move its files jobs.sqlite* away first")
        }
        guard DatabaseGlance(path) != nil else {
            throw StoreError(.incompatible, "\(path) is not a backup of a job store, or cannot be read")
        }
        try appear(database, reading: path) { (partial, file) in
            try StateDirectory.giveToService(file, in: folder)
            try copy(path, to: partial)
            let restored = try DatabaseQueue(path: partial)
            try check(restored, path: path)
            try restored.close()
        }
        return try StoreAcceptance.acceptLocked(in: folder)
    }

    /// A damaged copy would be noticed when it is too late.
    private static func check(_ database: DatabaseQueue, path: String) throws {
        let lines = try database.read { try String.fetchAll($0, sql: "PRAGMA quick_check(10)") }
        guard lines == ["ok"] else {
            throw StoreError(
                .corrupt, "\(path) is damaged: \(lines.joined(separator: "; ")); `dragoman store check` says more")
        }
    }

    /// Makes a file under another name, syncs it, and gives it its name.
    ///
    /// - Parameter source: What errors of the database are about.
    private static func appear(
        _ path: String, reading source: String, _ make: (_ partial: String, _ file: Int32) throws -> Void
    ) throws(StoreError) {
        let existing = StoreError(.failed, "\(path) exists; name a file that does not")
        // Not when all the work is done.
        if access(path, F_OK) == 0 { throw existing }
        // Another backup may be on its way to the same file.
        let partial = "\(path).\(getpid()).partial"
        // Texts are private. SQLite gives its journal the same mode.
        let file = open(partial, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw StoreError(systemError: errno, "making", partial) }
        defer { close(file) }
        do {
            try make(partial, file)
            for name in [partial + "-wal", partial + "-shm"] { unlink(name) }
            try Disk.sync(file, partial)
            // Unlike rename(2), this does not replace a file.
            guard link(partial, path) == 0 else {
                let code = errno
                throw code == EEXIST ? existing : StoreError(systemError: code, "naming", path)
            }
            unlink(partial)
            try Disk.syncFolder(URL(fileURLWithPath: path).deletingLastPathComponent().path)
        } catch {
            for name in [partial, partial + "-wal", partial + "-shm"] { unlink(name) }
            throw StoreError(error, path: source)
        }
    }

    private static func copy(_ source: String, to target: String) throws(StoreError) {
        let (input, output) = (open(source, O_RDONLY | O_CLOEXEC), open(target, O_WRONLY | O_TRUNC | O_CLOEXEC))
        defer {
            close(input)
            close(output)
        }
        guard input >= 0 else { throw StoreError(systemError: errno, "reading", source) }
        guard output >= 0 else { throw StoreError(systemError: errno, "writing", target) }
        var buffer = [UInt8](repeating: 0, count: 1 << 20)
        while true {
            let count = read(input, &buffer, buffer.count)
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw StoreError(systemError: errno, "reading", source) }
            guard count > 0 else { return }
            var offset = 0
            while offset < count {
                let written = buffer.withUnsafeBytes { write(output, $0.baseAddress! + offset, count - offset) }
                if written < 0 && errno == EINTR { continue }
                guard written > 0 else { throw StoreError(systemError: written < 0 ? errno : EIO, "writing", target) }
                offset += written
            }
        }
    }
}
