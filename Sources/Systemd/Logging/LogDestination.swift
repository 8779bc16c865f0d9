import Glibc

/// Where log entries go.
package enum LogDestination: Sendable, Equatable {
    /// The journal, with fields; and as text to the descriptor while the journal takes none.
    case journal(DatagramAddress, fallback: Int32)
    /// A stream of lines: a terminal, a file, a pipe.
    case lines(Int32)

    package static let journalSocket = DatagramAddress("/run/systemd/journal/socket")!

    /// The journal when the descriptor is connected to it, else lines on the descriptor.
    ///
    /// systemd.exec(5): `JOURNAL_STREAM` holds device and inode of the stream that the service was started with; a
    /// process must compare them, because whoever starts it may have redirected its output and not the environment.
    ///
    /// - Parameters:
    ///   - environment: The process's.
    ///   - descriptor: Standard error.
    package init(environment: [String: String], descriptor: Int32, journal: DatagramAddress = journalSocket) {
        self = .lines(descriptor)
        guard let value = environment["JOURNAL_STREAM"] else { return }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { return }
        if value == "\(status.st_dev):\(status.st_ino)" { self = .journal(journal, fallback: descriptor) }
    }
}
