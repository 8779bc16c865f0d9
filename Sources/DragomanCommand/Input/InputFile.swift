import Foundation

/// A file that is read from its beginning to its end: one that is named, or standard input.
package final class InputFile: Sendable {
    /// What messages call it.
    package let name: String
    /// As it was given; nil for standard input.
    package let path: String?
    private let descriptor: Int32
    private let isOwned: Bool

    /// Opens a file; `-` and `nil` are standard input.
    ///
    /// - Throws: `SystemError` when it cannot be opened, or is a directory.
    package init(_ path: String?) throws(SystemError) {
        if let path, path != "-" {
            name = path
            self.path = path
            isOwned = true
            descriptor = open(path, O_RDONLY | O_CLOEXEC)
            guard descriptor >= 0 else { throw SystemError(path, errno) }
        } else {
            name = "standard input"
            self.path = nil
            isOwned = false
            descriptor = STDIN_FILENO
        }
        // A directory opens well and only fails when it is read, when a model has been loaded for nothing.
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw SystemError(name, errno) }
        guard status.st_mode & S_IFMT != S_IFDIR else { throw SystemError(name, EISDIR) }
    }

    /// The file that an argument names.
    ///
    /// - Throws: `CommandError` when there is nothing to read.
    static func named(_ argument: String?) throws(CommandError) -> InputFile {
        do throws(SystemError) {
            return try InputFile(argument)
        } catch {
            throw CommandError(.noInput, error.description)
        }
    }

    /// Takes over a descriptor that is already open, and closes it in the end.
    package init(owning descriptor: Int32, name: String) {
        self.name = name
        path = nil
        self.descriptor = descriptor
        isOwned = true
    }

    deinit {
        if isOwned { close(descriptor) }
    }

    package var isTerminal: Bool { isatty(descriptor) == 1 }

    /// Whether what is written there is read here.
    func isSame(as output: OutputFile) -> Bool {
        var own = stat(), other = stat()
        guard fstat(descriptor, &own) == 0, fstat(output.descriptor, &other) == 0 else { return false }
        return own.st_mode & S_IFMT == S_IFREG && own.st_dev == other.st_dev && own.st_ino == other.st_ino
    }

    /// Reads all that is left.
    ///
    /// - Parameter limit: The most bytes; of more, one byte more is read.
    func contents(limit: Int) throws(SystemError) -> [UInt8] {
        var bytes: [UInt8] = []
        while bytes.count <= limit {
            let count = try withUnsafeTemporaryAllocation(byteCount: 1 << 16, alignment: 16) {
                chunk throws(SystemError) in
                let count = try read(into: chunk)
                bytes += chunk.prefix(count)
                return count
            }
            if count == 0 { break }
        }
        return Array(bytes.prefix(limit + 1))
    }

    /// Reads what there is, waiting only when there is nothing: 0 at the end.
    package func read(into buffer: UnsafeMutableRawBufferPointer) throws(SystemError) -> Int {
        try transfer(on: descriptor, for: Int32(POLLIN), subject: name) {
            Foundation.read(descriptor, buffer.baseAddress, buffer.count)
        }
    }
}
