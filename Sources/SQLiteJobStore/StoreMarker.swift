import CFileBirth
import Checksums
import Foundation
import JobModel
import JobStore

/// The file `store.id` beside the database, which says that there is a store, which, and how far it had come. Without
/// it, a database that was lost, or replaced by an older copy, would look like any other.
///
/// It is written when an epoch has begun, before anything is served. How far the store has come is written over in
/// place, without a sync: what a loss of power leaves may be behind the database, and is never ahead of it.
struct StoreMarker: Sendable, Hashable {
    static let name = "store.id"

    var store: LogID
    var epoch: UInt64
    /// The sum of `LogRow.changes`; nil: not known.
    var changes: UInt64?
    /// When the file was made that this was read from, or written to, in nanoseconds; 0: the file system does not say.
    /// A copy of the whole folder has files that were made later.
    var madeAt: Int64
    /// What `madeAt` was when the file was written.
    var claimsToBeMadeAt: Int64

    private static let head = "dragoman job store, see `dragoman store --help`"
    private static let digits = 20

    init(store: LogID, epoch: UInt64, changes: UInt64) {
        self.store = store
        self.epoch = epoch
        self.changes = changes
        madeAt = 0
        claimsToBeMadeAt = 0
    }

    /// nil: there is none.
    init?(in folder: String) throws(StoreError) {
        let path = folder + "/" + Self.name
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else {
            if errno == ENOENT { return nil }
            throw StoreError(.readOnly, "\(path) cannot be read: \(String(cString: strerror(errno)))")
        }
        defer { close(file) }
        var buffer = [UInt8](repeating: 0, count: 1024)
        let count = read(file, &buffer, buffer.count)
        let text = String(decoding: buffer.prefix(max(count, 0)), as: UTF8.self)
        guard let marker = StoreMarker(text) else {
            throw StoreError(
                .corrupt,
                "\(path) is damaged; look at the store with `dragoman store check`, and if it is the one that "
                    + "belongs here, say so with `dragoman store accept`")
        }
        self = marker
        madeAt = dragoman_file_birth(file)
    }

    init?(_ text: String) {
        let lines = text.split(separator: "\n").map(String.init)
        guard lines.count == 6, lines[0] == Self.head, lines[4] == "sum \(Self.sum(lines[0..<4]))" else { return nil }
        func value(_ index: Int, _ key: String) -> String? {
            lines[index].hasPrefix(key + " ") ? String(lines[index].dropFirst(key.count + 1)) : nil
        }
        guard let store = value(1, "store").flatMap(LogID.init), let epoch = value(2, "epoch").flatMap(UInt64.init),
            let made = value(3, "made").flatMap(Int64.init)
        else { return nil }
        self.store = store
        self.epoch = epoch
        claimsToBeMadeAt = made
        madeAt = 0
        let parts = lines[5].split(separator: " ").map(String.init)
        changes =
            parts.count == 3 && lines[5] == Self.progress(UInt64(parts[1]) ?? 0) ? UInt64(parts[1]) : nil
    }

    /// Whether the file is not the one that was written, but a copy.
    var isCopy: Bool { madeAt != 0 && claimsToBeMadeAt != 0 && madeAt != claimsToBeMadeAt }

    /// Takes the place of the one before, durably.
    func write(in folder: String) throws(StoreError) {
        let (path, temporary) = (folder + "/" + Self.name, folder + "/" + Self.name + ".new")
        unlink(temporary)
        let file = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw Self.failure(path) }
        defer { close(file) }
        let lines = [Self.head, "store \(store)", "epoch \(epoch)", "made \(dragoman_file_birth(file))"]
        let text = (lines + ["sum \(Self.sum(lines[...]))", Self.progress(changes ?? 0), ""]).joined(separator: "\n")
        let bytes = Array(text.utf8)
        guard Foundation.write(file, bytes, bytes.count) == bytes.count, fsync(file) == 0,
            rename(temporary, path) == 0
        else { throw Self.failure(path) }
        let directory = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard directory >= 0 else { throw Self.failure(path) }
        defer { close(directory) }
        guard fsync(directory) == 0 || errno == EINVAL else { throw Self.failure(path) }
    }

    /// Notes how far the store has come. Without it, only less is noticed.
    static func advance(in folder: String, to changes: UInt64) {
        let file = open(folder + "/" + name, O_WRONLY | O_CLOEXEC)
        guard file >= 0 else { return }
        defer { close(file) }
        let line = Array((progress(changes) + "\n").utf8)
        let end = lseek(file, 0, SEEK_END)
        if end >= line.count { _ = pwrite(file, line, line.count, end - off_t(line.count)) }
    }

    private static func failure(_ path: String) -> StoreError {
        let code = errno
        return StoreError(
            [ENOSPC, EDQUOT].contains(code) ? .full : .failed,
            "\(path) cannot be written: \(String(cString: strerror(code)))")
    }

    /// A line of one length, so that it can be written over.
    private static func progress(_ changes: UInt64) -> String {
        let number = String(changes)
        let line = "changes " + String(repeating: "0", count: digits - number.count) + number
        return "\(line) \(sum([line]))"
    }

    private static func sum(_ lines: ArraySlice<String>) -> String {
        var sum = XXHash64()
        for line in lines { sum.add(line + "\n") }
        return sum.text
    }

}
