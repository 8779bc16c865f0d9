import CSQLite
import GRDB
import Glibc
import JobStore

/// The file beside the database that commits are appended to, and what must be done with it before the first commit.
///
/// When an fsync fails, Linux marks the pages clean that it could not write: they can be read for as long as they stay in
/// memory, they are not on the disk, and no later fsync writes them (fsync(2); "PostgreSQL's fsync() surprise", LWN 752063).
/// Two things follow.
///
/// A failed write or fsync ends the broker (`StoreError.Code.diskFailed`). Neither the frames of that commit nor, after a
/// checkpoint, pages of the database can be trusted any more: a checkpoint that a reader cut short counts its pages as
/// copied before they are synced.
///
/// A start writes the log again before SQLite reads it. The frames of the commit that failed are in the page cache, whole
/// and with valid checksums, so recovery would take them for committed and append behind them. But each frame's checksum
/// continues that of the frame before: after a loss of power, the log would end at the hole, and every later commit would
/// be lost. A checkpoint alone does not mend that. It overwrites the database in place, and when the power fails in the
/// middle, only the log can make the database whole; one with a hole leaves old and new pages side by side. So:
///
/// 1. `rewrite` writes every byte of the log as it is read, and syncs it. Now what is read is what is on the disk. A loss
///    of power in the middle is harmless, since no byte changes. The same is done with the database's first page: it says
///    that there is a log, it was written without one, when the database was made, and a page whose write failed may
///    leave memory at any time.
/// 2. `empty` copies all frames into the database, syncs that, and cuts the log. "All", because recovery resets the count of
///    frames that have been copied before (`nBackfill`). Its other pages need no rewriting: only checkpoints write to them,
///    SQLite starts a log from its beginning only after a checkpoint whose sync succeeded, and so every page whose write
///    may have failed is in the log.
struct WriteAheadLog {
    let path: String
    private let database: String
    private let index: String
    /// The largest page that SQLite has; the first one may be smaller.
    private static let pageBytesMaximum = 65_536

    init(ofDatabaseAt database: String) {
        self.database = database
        path = database + "-wal"
        index = database + "-shm"
    }

    /// - Parameter patience: How long another program's write is waited for, in seconds.
    func rewrite(patience: Double) throws(StoreError) {
        let lock = try lockedIndex(patience: patience)
        defer { if let lock { close(lock) } }
        try rewrite(path, bytes: .max)
        // After the log: until that is on the disk, nothing mends a database that is partly newer.
        try rewrite(database, bytes: Self.pageBytesMaximum)
    }

    /// Writes the beginning of a file as it is read, and syncs it.
    private func rewrite(_ path: String, bytes: Int) throws(StoreError) {
        let file = open(path, O_RDWR | O_CLOEXEC)
        guard file >= 0 else {
            // SQLite reports whatever else is wrong with it.
            return
        }
        defer { close(file) }
        var buffer = [UInt8](repeating: 0, count: min(bytes, 1 << 20))
        var offset = 0
        while offset < bytes {
            let room = min(buffer.count, bytes - offset)
            let count = buffer.withUnsafeMutableBytes { pread(file, $0.baseAddress, room, off_t(offset)) }
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw StoreError(systemError: errno, "reading", path) }
            guard count > 0 else { break }
            try write(buffer[..<count], to: file, path, at: offset)
            offset += count
        }
        if offset > 0 { try Disk.sync(file, path) }
    }

    /// Copies it into the database, and cuts it to nothing.
    ///
    /// - Throws: `DatabaseError`, with the code of a busy database when another program reads it for too long.
    static func empty(_ database: Database) throws { _ = try database.checkpoint(.truncate) }

    private func write(_ bytes: ArraySlice<UInt8>, to file: Int32, _ path: String, at offset: Int) throws(StoreError) {
        var (bytes, offset) = (bytes, offset)
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { pwrite(file, $0.baseAddress, $0.count, off_t(offset)) }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { throw StoreError(systemError: count < 0 ? errno : EIO, "writing", path) }
            bytes = bytes.dropFirst(count)
            offset += count
        }
    }

    /// Keeps other programs from writing to both files meanwhile: byte 120 of the index is the lock of those that append to
    /// the log, start it from its beginning, or recover it, and byte 121 that of those that copy it into the database
    /// (sqlite.org/walformat.html, "WAL Locks"). The folder's lock keeps out brokers only.
    ///
    /// - Returns: What holds the lock until it is closed; nil: there is no index, and so no other program.
    private func lockedIndex(patience: Double) throws(StoreError) -> Int32? {
        let file = open(index, O_RDWR | O_CLOEXEC)
        guard file >= 0 else { return nil }
        var lock = flock(l_type: Int16(F_WRLCK), l_whence: Int16(SEEK_SET), l_start: 120, l_len: 2, l_pid: 0)
        for _ in 0...Int(patience * 100) {
            if fcntl(file, F_SETLK, &lock) == 0 { return file }
            guard errno == EAGAIN || errno == EACCES || errno == EINTR else { break }
            usleep(10_000)
        }
        let reason = String(cString: strerror(errno))
        close(file)
        throw StoreError(.busy, "another program writes to \(path): \(index) cannot be locked: \(reason); stop it")
    }
}

/// How many frames the log has, as of the last commit.
///
/// `@unchecked Sendable`: SQLite writes it inside a commit, and it is read right after one. Both happen on the queue of the
/// connection that writes, or while the only thread that commits waits for it.
final class FrameCount: @unchecked Sendable {
    private let count = UnsafeMutablePointer<Int32>.allocate(capacity: 1)

    init() { count.initialize(to: 0) }

    deinit { count.deallocate() }

    var value: Int { Int(count.pointee) }

    /// Only while this object lives may the connection commit.
    func follow(_ database: Database) {
        if let connection = database.sqliteConnection { csqlite_count_frames(connection, count) }
    }
}
