internal import Checksums

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// A file that is on its way: what has come of it, its digest so far, and what is to be known to go on.
///
/// Beside it, in a file whose name ends with `.etag`, is the tag by which the server knows the contents that it is a part
/// of.
struct PartialFile: ~Copyable {
    private static let chunk = 1 << 20

    let path: String
    let file: RemoteFile
    private var descriptor: CInt
    private(set) var byteCount = 0
    private(set) var tag: String?
    private var digest: SecureDigest

    /// Opens what is there, or begins.
    init(path: String, file: RemoteFile) throws(HubError) {
        self.path = path
        self.file = file
        digest = file.beginDigest()
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o644)
        if descriptor < 0 { throw HubError.system("open", path, errno) }
        byteCount = try Self.read(descriptor, path, into: &digest)
        if byteCount > 0 { tag = Self.text(of: Self.tagPath(path)) }
        // Never cut short: it may be a file of the model that is in its place (`IncomingModel.reuse`), which workers
        // have mapped.
        if byteCount > file.byteCount || (Self.isShared(descriptor) && !isIntact) { try replace() }
    }

    deinit { _ = close(descriptor) }

    /// Whether a file's bytes are those that were published.
    static func isIntact(_ path: String, _ file: RemoteFile) -> Bool {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { return false }
        defer { _ = close(descriptor) }
        var digest = file.beginDigest()
        guard let count = try? read(descriptor, path, into: &digest) else { return false }
        return count == file.byteCount && digest.text == file.digestText
    }

    var isComplete: Bool { byteCount == file.byteCount }

    /// Whether the bytes that are there are those that were published.
    var isIntact: Bool { isComplete && digest.text == file.digestText }

    /// - Returns: How many bytes there are until the end.
    private static func read(
        _ descriptor: CInt, _ path: String, into digest: inout SecureDigest
    ) throws(HubError) -> Int {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: chunk, alignment: 16)
        defer { buffer.deallocate() }
        var byteCount = 0
        while true {
            let count = pread(descriptor, buffer.baseAddress, buffer.count, off_t(byteCount))
            if count < 0 {
                if errno == EINTR { continue }
                throw HubError.system("read", path, errno)
            }
            if count == 0 { return byteCount }
            digest.add(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
            byteCount += count
        }
    }

    private static func isShared(_ descriptor: CInt) -> Bool {
        var status = stat()
        return fstat(descriptor, &status) == 0 && status.st_nlink > 1
    }

    /// Puts a new, empty file in this one's place.
    private mutating func replace() throws(HubError) {
        _ = unlink(path)
        let new = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o644)
        guard new >= 0 else { throw HubError.system("open", path, errno) }
        _ = close(descriptor)
        descriptor = new
        try restart(tag: nil)
    }

    /// Forgets what is there, for contents that the server knows by another tag.
    mutating func restart(tag: String?) throws(HubError) {
        guard ftruncate(descriptor, 0) == 0 else {
            throw HubError.system("ftruncate", path, errno)
        }
        byteCount = 0
        digest = file.beginDigest()
        self.tag = nil
        _ = unlink(Self.tagPath(path))
        guard let tag, ResumeDecision.isStrong(tag) else { return }
        // Without it, going on still ends with the right digest or from the start.
        if Self.write(tag, to: Self.tagPath(path)) { self.tag = tag }
    }

    mutating func append(_ bytes: UnsafeRawBufferPointer) throws(HubError) {
        var left = bytes[...]
        while !left.isEmpty {
            let part = UnsafeRawBufferPointer(rebasing: left)
            let count = pwrite(descriptor, part.baseAddress, part.count, off_t(byteCount))
            if count < 0 {
                if errno == EINTR { continue }
                let isFull = [ENOSPC, EDQUOT, EFBIG].contains(errno)
                throw HubError.system(
                    "write", path, errno,
                    remedy: isFull ? "make room, and run the command again: it goes on where it stopped" : nil)
            }
            digest.add(UnsafeRawBufferPointer(rebasing: part[..<count]))
            byteCount += count
            left = left.dropFirst(count)
        }
    }

    /// Sees to it that a power cut finds all of it on the disk.
    func sync() throws(HubError) {
        guard fsync(descriptor) == 0 else { throw HubError.system("fsync", path, errno) }
    }

    /// The tag is of no more use.
    func forgetTag() { _ = unlink(Self.tagPath(path)) }

    private static func tagPath(_ path: String) -> String { "\(path).etag" }

    private static func text(of path: String) -> String? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { return nil }
        defer { _ = close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 2048)
        let count = pread(descriptor, &bytes, bytes.count, 0)
        guard count > 0 else { return nil }
        let text = String(decoding: bytes[..<count], as: UTF8.self)
        return ResumeDecision.isStrong(text) ? text : nil
    }

    private static func write(_ text: String, to path: String) -> Bool {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o644)
        guard descriptor >= 0 else { return false }
        defer { _ = close(descriptor) }
        let bytes = Array(text.utf8)
        return pwrite(descriptor, bytes, bytes.count, 0) == bytes.count
    }
}
