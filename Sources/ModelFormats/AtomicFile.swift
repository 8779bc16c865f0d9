#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// A new file that appears at its path all at once, when it is whole and on the disk; whoever has the old one mapped
/// keeps that.
struct AtomicFile: ~Copyable {
    /// What is written at a time, always at a multiple of itself. Linux (6.16, ext4) then keeps the file's pages in its
    /// cache as huge ones, and maps them so: products read their weights a quarter faster.
    private static let chunk = 4 << 20

    private let path: String
    private let temporary: String
    private let descriptor: CInt
    private var waiting: [UInt8] = []

    /// - Throws: `ModelError.Code.unwritableFile`, as all of its calls.
    init(path: String) throws(ModelError) {
        self.path = path
        temporary = "\(path).\(getpid()).\(UInt32.random(in: 0 ... .max)).new"
        descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
        if descriptor < 0 { throw Self.failure("open", temporary) }
    }

    deinit {
        // After `commit` there is no such file any more.
        _ = unlink(temporary)
        _ = close(descriptor)
    }

    mutating func append(_ bytes: UnsafeRawBufferPointer) throws(ModelError) {
        var left = bytes[...]
        while !left.isEmpty {
            let part = left.prefix(Self.chunk - waiting.count)
            waiting.append(contentsOf: part)
            left = left.dropFirst(part.count)
            if waiting.count == Self.chunk { try flush() }
        }
    }

    mutating func append(_ bytes: [UInt8]) throws(ModelError) {
        let result = bytes.withUnsafeBytes { bytes in Result { () throws(ModelError) in try append(bytes) } }
        try result.get()
    }

    private mutating func flush() throws(ModelError) {
        var position = 0
        while position < waiting.count {
            let written = waiting.withUnsafeBytes {
                write(descriptor, $0.baseAddress.map { $0 + position }, $0.count - position)
            }
            if written >= 0 {
                position += written
            } else if errno != EINTR {
                throw Self.failure("write", path)
            }
        }
        waiting.removeAll(keepingCapacity: true)
    }

    /// Writes what is still waiting, and returns where all of it lies until `commit`, to be checked there.
    mutating func finish() throws(ModelError) -> String {
        try flush()
        return temporary
    }

    /// Puts the file in its place.
    mutating func commit() throws(ModelError) {
        try flush()
        guard fsync(descriptor) == 0 else { throw Self.failure("fsync", path) }
        guard rename(temporary, path) == 0 else { throw Self.failure("rename", path) }
        // The new name is in the folder, which has to be on the disk too.
        let folder = String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])
        let directory = open(folder.isEmpty ? "." : folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard directory >= 0 else { throw Self.failure("open", folder) }
        defer { _ = close(directory) }
        guard fsync(directory) == 0 else { throw Self.failure("fsync", folder) }
    }

    private static func failure(_ call: String, _ path: String) -> ModelError {
        ModelError(.unwritableFile, file: path, "\(call): \(String(cString: strerror(errno)))")
    }
}
