import Foundation

/// An output that knows when its reader has taken what was written.
///
/// A pipe keeps what is written until someone reads it, and loses it with its last reader: a record in a pipe has not
/// arrived. What is written to a file or a terminal has (in the system's cache: files are not synced).
package struct TakenOutput: Sendable {
    private enum Kind { case pipe, socket, other }

    private let output: OutputFile
    private let kind: Kind

    package init(_ output: OutputFile) {
        self.output = output
        var status = stat()
        let mode = fstat(output.descriptor, &status) == 0 ? status.st_mode & S_IFMT : 0
        kind = mode == S_IFIFO ? .pipe : mode == S_IFSOCK ? .socket : .other
        // pipe(7): poll(2) finds a pipe of one page writable when it is empty, so that its reader is waited for without
        // asking again and again. Where this is refused, it is asked.
        if kind == .pipe { _ = fcntl(output.descriptor, Self.setPipeSize, Int32(getpagesize())) }
    }

    /// Writes all bytes, and waits until they have been taken.
    ///
    /// - Throws: `SystemError`: EPIPE when the reader has gone and has left some.
    package func write(_ bytes: [UInt8]) throws(SystemError) {
        try output.write(bytes)
        if kind == .other { return }
        var pause: UInt32 = 100
        while true {
            let count = untakenBytes
            if count == 0, kind == .pipe { return }
            var request = pollfd(fd: output.descriptor, events: count > 0 ? Int16(POLLOUT) : 0, revents: 0)
            guard poll(&request, 1, count > 0 ? -1 : 0) >= 0 || errno == EINTR else {
                throw SystemError(output.name, errno)
            }
            if request.revents & Int16(POLLERR | POLLHUP | POLLNVAL) != 0 {
                // A pipe keeps what its last reader has left; what a socket had is gone with it, and may have been read.
                guard kind == .pipe, untakenBytes == 0 else { throw SystemError(output.name, EPIPE) }
                return
            }
            if count == 0 { return }
            // There is room, and still something in it: the pipe is larger than a page, or it is a socket.
            if request.revents != 0, untakenBytes > 0 {
                usleep(pause)
                pause = min(2 * pause, 20_000)
            }
        }
    }

    /// What has been written and not been read; of TCP, what the other host has not confirmed.
    private var untakenBytes: Int32 {
        var count: Int32 = 0
        let request: UInt
        switch kind {
        // ioctl_pipe(2) has it for either end; socket(7), tcp(7), unix(7).
        case .pipe: request = UInt(FIONREAD)
        case .socket: request = UInt(TIOCOUTQ)
        case .other: return 0
        }
        return ioctl(output.descriptor, request, &count) == 0 ? count : 0
    }

    /// `F_SETPIPE_SZ`, which is behind `_GNU_SOURCE`.
    private static let setPipeSize: Int32 = 1031
}
