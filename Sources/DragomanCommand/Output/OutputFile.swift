import Foundation

/// Where bytes go: standard output, standard error.
package struct OutputFile: Sendable {
    /// What messages call it.
    package let name: String
    let descriptor: Int32

    package static let standardOutput = OutputFile(descriptor: STDOUT_FILENO, name: "standard output")
    package static let standardError = OutputFile(descriptor: STDERR_FILENO, name: "standard error")

    /// The descriptor stays the caller's.
    package init(descriptor: Int32, name: String) {
        self.descriptor = descriptor
        self.name = name
    }

    /// Opens a file for writing, and leaves what is in it until `empty`.
    static func named(_ path: String) throws(CommandError) -> OutputFile {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw CommandError(.inputOutput, SystemError(path, errno).description) }
        return OutputFile(descriptor: descriptor, name: path)
    }

    /// Takes away what is in the file. Pipes and devices have nothing that could be.
    func empty() throws(CommandError) {
        guard ftruncate(descriptor, 0) == 0 || errno == EINVAL else {
            throw CommandError(.inputOutput, SystemError(name, errno).description)
        }
    }

    package var isTerminal: Bool { isatty(descriptor) == 1 }

    /// That of many terminals, where this one does not say.
    var terminalSize: (columns: Int, rows: Int) {
        var size = winsize()
        guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0 else { return (80, 24) }
        return (Int(size.ws_col), Int(size.ws_row))
    }

    /// Writes all bytes, waiting for a slow reader.
    package func write(_ bytes: [UInt8]) throws(SystemError) {
        var offset = 0
        while offset < bytes.count {
            offset += try transfer(on: descriptor, for: Int32(POLLOUT), subject: name) {
                bytes.withUnsafeBytes {
                    Foundation.write(descriptor, $0.baseAddress.map { $0 + offset }, $0.count - offset)
                }
            }
        }
    }

    package func write(_ text: String) throws(SystemError) { try write(Array(text.utf8)) }

    /// Writes the last of a command's output, and closes the descriptor: network file systems tell only now that the disk
    /// is full.
    func finish(with bytes: [UInt8] = []) throws(CommandError) {
        do throws(SystemError) {
            try write(bytes)
            guard close(descriptor) == 0 || errno == EINTR else { throw SystemError(name, errno) }
        } catch {
            throw CommandError(writing: error)
        }
    }
}
