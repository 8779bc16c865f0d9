import Foundation

/// Kills a process when this one ends without having released it, in whatever way it ends.
///
/// A shell holds the other end of a pipe. (prctl(2)'s `PR_SET_PDEATHSIG` would not do: it fires when the thread ends
/// that started the process.)
struct Leash: Sendable {
    private let holder: pid_t
    private let pipe: Int32

    init(on process: pid_t) throws {
        var ends: [Int32] = [0, 0]
        guard Foundation.pipe(&ends) == 0 else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
        defer { close(ends[0]) }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        do {
            holder = try Child.spawn(
                "/bin/sh", ["-c", "read released || kill -KILL \(process)"], environment: [:], input: ends[0],
                output: STDERR_FILENO)
        } catch {
            close(ends[1])
            throw error
        }
        pipe = ends[1]
    }

    func release() {
        _ = write(pipe, "\n", 1)
        close(pipe)
        _ = Child.reap(holder)
    }
}
