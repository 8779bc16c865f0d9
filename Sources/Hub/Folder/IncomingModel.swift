internal import Foundation
internal import Wording

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// The place where a model's parts come together, locked: one process at a time works on a model.
///
/// `.incoming/KEY` holds `lock`; the parts, whose names tell also which contents they are parts of, so that those of
/// another commit are not taken for them; `whole`, what becomes the model's folder; and `replaced`, what was there before.
struct IncomingModel: ~Copyable {
    let folder: String
    private let place: String
    private let name: RepositoryName
    private let lock: CInt

    init(_ name: RepositoryName, in models: ModelsFolder) throws(HubError) {
        self.name = name
        folder = models.incomingFolder(of: name)
        place = models.folder(of: name)
        try Self.makeFolder(folder)
        lock = try Self.lock("\(folder)/lock", name)
        // A process that died between the two steps of `install` has left the model here.
        if !Self.exists(place), Self.exists("\(folder)/replaced") { _ = rename("\(folder)/replaced", place) }
        Self.remove("\(folder)/replaced")
        // One that died in `install`, or could not end it, has left parts there.
        if let origin = ModelOrigin(in: whole) { takeBack(origin) }
        Self.remove(whole)
    }

    deinit { _ = close(lock) }

    /// Where a file's parts are.
    func part(of file: RemoteFile) -> String { "\(folder)/\(file.name).\(file.digestText.prefix(12))" }

    /// How many bytes of a file are there.
    func byteCount(of file: RemoteFile) -> Int {
        var status = stat()
        guard lstat(part(of: file), &status) == 0 else { return 0 }
        return min(Int(status.st_size), file.byteCount)
    }

    /// Takes a file of a model that is there, if it is what this one needs and is still what was published.
    ///
    /// - Returns: Whether it is in its place.
    func reuse(_ file: RemoteFile, from model: ModelsFolder.Model) throws(HubError) -> Bool {
        let old = "\(model.folder)/\(file.name)"
        guard model.origin.files.contains(file), byteCount(of: file) < file.byteCount, PartialFile.isIntact(old, file)
        else { return false }
        // Another name of the same file. Not every file system has such.
        _ = unlink(part(of: file))
        return link(old, part(of: file)) == 0
    }

    /// Whether the model can be put in its place: that nothing else is there.
    func checkPlace() throws(HubError) {
        guard !Self.exists(place) || ModelOrigin(in: place) != nil else {
            throw HubError(
                .unwritable, place, "something is there that was not pulled", remedy: "move it elsewhere, and try again"
            )
        }
        guard name.owner == nil || ModelOrigin(in: parent) == nil else {
            throw HubError(.unwritable, parent, "this is a model, and no other can lie in it")
        }
    }

    private var parent: String { URL(fileURLWithPath: place).deletingLastPathComponent().path }
    private var whole: String { "\(folder)/whole" }

    /// Puts the model in its place, all at once; what is there goes. When it fails, the parts stay parts, and what has
    /// come need not come again.
    func install(_ origin: ModelOrigin) throws(HubError) {
        try Self.makeFolder(whole)
        // First: it says which parts the others were.
        try Self.write(origin.text, to: "\(whole)/\(ModelOrigin.fileName)")
        do throws(HubError) {
            try putInPlace(origin)
        } catch {
            takeBack(origin)
            Self.remove(whole)
            throw error
        }
        try Self.sync(parent)
    }

    /// Makes parts of a model's files again.
    private borrowing func takeBack(_ origin: ModelOrigin) {
        for file in origin.files where RepositoryListing.isSafe(file.name) && !file.name.contains("/") {
            let path = "\(whole)/\(file.name)"
            if Self.exists(path) { _ = rename(path, part(of: file)) }
        }
    }

    private func putInPlace(_ origin: ModelOrigin) throws(HubError) {
        for file in origin.files {
            let path = "\(whole)/\(file.name)"
            guard rename(part(of: file), path) == 0 else { throw HubError.system("rename", path, errno) }
        }
        try Self.sync(whole)
        if name.owner != nil { try Self.makeFolder(parent) }
        try takeAway()
        guard rename(whole, place) == 0 else {
            let code = errno
            _ = rename("\(folder)/replaced", place)
            throw HubError.system("rename", place, code)
        }
    }

    /// Takes the model away that is there.
    func takeAway() throws(HubError) {
        Self.remove("\(folder)/replaced")
        guard rename(place, "\(folder)/replaced") == 0 || errno == ENOENT else {
            throw HubError.system("rename", place, errno)
        }
    }

    /// Removes the place and all that is in it.
    consuming func discard() throws(HubError) {
        do {
            // The lock last: who waits for it finds that it has gone.
            for name in try FileManager.default.contentsOfDirectory(atPath: folder) where name != "lock" {
                try FileManager.default.removeItem(atPath: "\(folder)/\(name)")
            }
            try FileManager.default.removeItem(atPath: folder)
        } catch {
            throw HubError(.unwritable, folder, "cannot be removed: \(error.reason)")
        }
    }

    private static func lock(_ path: String, _ name: RepositoryName) throws(HubError) -> CInt {
        while true {
            let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o644)
            guard descriptor >= 0 else { throw HubError.system("open", path, errno) }
            guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
                let code = errno
                _ = close(descriptor)
                if code == EINTR { continue }
                guard code == EWOULDBLOCK else { throw HubError.system("flock", path, code) }
                throw HubError(
                    .busy, "\(name)", "another process is pulling or removing this model",
                    remedy: "wait for its end; what it has fetched need not be fetched again")
            }
            // The file that is there now, not one that was removed meanwhile.
            var held = stat()
            var there = stat()
            if fstat(descriptor, &held) == 0, lstat(path, &there) == 0, held.st_ino == there.st_ino,
                held.st_dev == there.st_dev
            {
                return descriptor
            }
            _ = close(descriptor)
            try makeFolder(URL(fileURLWithPath: path).deletingLastPathComponent().path)
        }
    }

    private static func exists(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0
    }

    private static func remove(_ path: String) { try? FileManager.default.removeItem(atPath: path) }

    private static func makeFolder(_ path: String) throws(HubError) {
        do {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        } catch {
            throw HubError(
                .unwritable, path, "the folder cannot be made: \(error.reason)",
                remedy: "run this as a user who may, or name another folder for models in DRAGOMAN_MODELS")
        }
    }

    private static func write(_ bytes: [UInt8], to path: String) throws(HubError) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw HubError.system("open", path, errno) }
        defer { _ = close(descriptor) }
        var position = 0
        while position < bytes.count {
            let count = bytes.withUnsafeBytes {
                pwrite(descriptor, $0.baseAddress.map { $0 + position }, $0.count - position, off_t(position))
            }
            if count >= 0 {
                position += count
            } else if errno != EINTR {
                throw HubError.system("write", path, errno)
            }
        }
        guard fsync(descriptor) == 0 else { throw HubError.system("fsync", path, errno) }
    }

    private static func sync(_ folder: String) throws(HubError) {
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw HubError.system("open", folder, errno) }
        defer { _ = close(descriptor) }
        guard fsync(descriptor) == 0 else { throw HubError.system("fsync", folder, errno) }
    }
}
