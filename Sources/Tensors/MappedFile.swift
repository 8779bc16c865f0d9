#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// A regular file's contents, mapped read-only into memory until the last reference goes.
///
/// Pages are read when first touched and shared with every other process that maps the file.
///
/// The mapping is of the *file*, not of a copy. A writer that replaces the file by renaming another over it is harmless:
/// the mapping keeps the old one. One that writes into it changes the bytes seen here, so whatever must be checked once
/// and then relied on (lengths, offsets) has to be copied out first. One that truncates it makes the lost pages
/// unreadable: touching them raises `SIGBUS` (mmap(2)), which ends the process; no library can turn that into an error.
package final class MappedFile: Sendable {
    package let path: String

    /// The whole contents; empty when the file is.
    ///
    /// They live as long as this object does, and Swift may end that after its last use: whoever reads them keeps it in
    /// a property, or reads inside `withExtendedLifetime`.
    package var bytes: UnsafeRawBufferPointer { mapping.bytes }

    private let mapping: Mapping

    /// Maps the file at `path`.
    ///
    /// - Parameter isReadOften: Whether most of it will be read again and again, so that huge pages pay. It is advice: a
    ///   file that is not in the system's cache is then read into huge pages, where the system can.
    /// - Throws: `MappedFile.Failure`, for what is not a regular file too; a FIFO is refused without waiting for a writer.
    package init(path: String, isReadOften: Bool = false) throws(Failure) {
        // A C string would end at the NUL and open another file than the one asked for.
        guard !path.utf8.contains(0) else { throw Failure(path: path, call: "open", errorNumber: EINVAL) }
        // open(2): without O_NONBLOCK, opening a FIFO for reading blocks until something opens it for writing.
        let descriptor = try Self.retrying("open", path) { open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK) }
        // Not retried: on Linux the descriptor is gone even when close(2) reports EINTR. The mapping outlives it.
        defer { _ = close(descriptor) }

        var status = stat()
        _ = try Self.retrying("fstat", path) { fstat(descriptor, &status) }
        switch status.st_mode & S_IFMT {
        case S_IFREG: break
        case S_IFDIR: throw Failure(path: path, call: "open", errorNumber: EISDIR)
        default: throw Failure(path: path, call: "open", reason: "not a regular file")
        }

        self.path = path
        self.mapping = try Mapping(descriptor: descriptor, count: Int(status.st_size), path: path)
        if isReadOften { mapping.adviseHugePages() }
    }

    /// Takes the pages around `part` of the contents out of this process' memory, until they are touched again:
    /// for what was read once. They stay in the system's cache as long as it likes.
    ///
    /// Others may read them meanwhile: what the mapping holds does not change.
    package func unload(_ part: UnsafeRawBufferPointer) { mapping.unload(part) }

    /// Why a file cannot be mapped.
    package struct Failure: Error, Sendable, Equatable, CustomStringConvertible {
        package let path: String
        /// The system call that failed: `open`.
        package let call: String
        /// `errno` after the call; `nil` when the call succeeded on something that is of no use here.
        package let errorNumber: CInt?
        /// What the system says about it: `No such file or directory`.
        package let reason: String

        package var description: String { "\(path): \(call): \(reason)" }

        /// Whether there is nothing at the path.
        package var isMissing: Bool { errorNumber == ENOENT || errorNumber == ENOTDIR }

        fileprivate init(path: String, call: String, errorNumber: CInt) {
            self.path = path
            self.call = call
            self.errorNumber = errorNumber
            // strerror(3) is not required to be thread-safe; glibc's is since 2.32, and others' texts are static.
            self.reason = String(cString: strerror(errorNumber))
        }

        fileprivate init(path: String, call: String, reason: String) {
            self.path = path
            self.call = call
            self.errorNumber = nil
            self.reason = reason
        }
    }

    /// The mapped pages; apart, so that a failed `init` has nothing to undo.
    private final class Mapping: @unchecked Sendable {
        // `@unchecked Sendable`: the pages are PROT_READ, the pointer never changes, and only `deinit` unmaps them.
        let bytes: UnsafeRawBufferPointer

        init(descriptor: CInt, count: Int, path: String) throws(Failure) {
            // mmap(2) fails with EINVAL when the length is 0.
            guard count > 0 else {
                bytes = UnsafeRawBufferPointer(start: nil, count: 0)
                return
            }
            let address = mmap(nil, count, PROT_READ, MAP_SHARED, descriptor, 0)
            guard let address, address != MAP_FAILED else {
                throw Failure(path: path, call: "mmap", errorNumber: errno)
            }
            bytes = UnsafeRawBufferPointer(start: address, count: count)
        }

        func adviseHugePages() {
            #if os(Linux)
                guard let address = bytes.baseAddress else { return }
                _ = madvise(UnsafeMutableRawPointer(mutating: address), bytes.count, MADV_HUGEPAGE)
            #endif
        }

        func unload(_ part: UnsafeRawBufferPointer) {
            #if os(Linux)
                guard let base = bytes.baseAddress, let start = part.baseAddress, !part.isEmpty else { return }
                let first = start - base, end = first + part.count
                precondition(first >= 0 && end <= bytes.count, "a part must lie in its mapping")
                // One touch may bring all of a huge page, so all of those that the part has a share in go. MADV_DONTNEED
                // loses nothing of a file's own pages (madvise(2)); of a private mapping's that were written it would.
                let hugePage = AlignedBuffer<UInt8>.hugePage
                let from = first / hugePage * hugePage
                let to = min((end + hugePage - 1) / hugePage * hugePage, bytes.count)
                _ = madvise(UnsafeMutableRawPointer(mutating: base + from), to - from, MADV_DONTNEED)
            #endif
        }

        deinit {
            if let address = bytes.baseAddress { munmap(UnsafeMutableRawPointer(mutating: address), bytes.count) }
        }
    }

    /// Calls until the answer is not "interrupted by a signal".
    private static func retrying(_ call: String, _ path: String, _ body: () -> CInt) throws(Failure) -> CInt {
        while true {
            let result = body()
            if result >= 0 { return result }
            let errorNumber = errno
            if errorNumber != EINTR { throw Failure(path: path, call: call, errorNumber: errorNumber) }
        }
    }
}
