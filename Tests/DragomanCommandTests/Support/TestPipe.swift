import DragomanCommand
import Foundation

/// A pipe between a test and a session.
///
/// `@unchecked Sendable`: every variable belongs to one side, and one test calls that side from one task at a time.
final class TestPipe: @unchecked Sendable {
    private let readingEnd: InputFile
    private var writingEnd: Int32?
    private var lines: LineReader

    init() throws {
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else { throw SystemError("pipe", errno) }
        // Children of other tests would keep the pipe from ending.
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        readingEnd = InputFile(owning: ends[0], name: "pipe")
        writingEnd = ends[1]
        lines = LineReader(read: readingEnd.read)
    }

    deinit { closeWriting() }

    var input: InputFile { readingEnd }
    var output: OutputFile { OutputFile(descriptor: writingEnd ?? -1, name: "pipe") }

    func write(_ text: String) throws { try output.write(text) }

    func closeWriting() {
        if let end = writingEnd { close(end) }
        writingEnd = nil
    }

    /// The next line that the session has written, without its end; `nil` when it has closed the pipe.
    func line() async throws -> String? {
        try await onBlockingThread(named: "test") {
            try self.lines.next().map { String(decoding: $0.content, as: UTF8.self) }
        }
    }
}
