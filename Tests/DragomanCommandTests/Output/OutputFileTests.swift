import DragomanCommand
import Foundation
import Testing

@Suite struct OutputFileTests {
    @Test func `a full disk is an error`() throws {
        let descriptor = open("/dev/full", O_WRONLY)
        try #require(descriptor >= 0)
        defer { close(descriptor) }
        let output = OutputFile(descriptor: descriptor, name: "standard output")
        let error = #expect(throws: SystemError.self) { try output.write("a") }
        #expect(error?.description == "standard output: No space left on device")
        #expect(error.map(CommandError.init(writing:))?.status == .inputOutput)
    }

    @Test func `that nobody reads is no error to tell`() {
        #expect(CommandError(writing: SystemError("standard output", EPIPE)) == CommandError(.brokenPipe, nil))
    }

    @Test func `a non-blocking descriptor is waited for`() async throws {
        var ends: [Int32] = [0, 0]
        try #require(pipe(&ends) == 0)
        #expect(fcntl(ends[1], F_SETFL, O_NONBLOCK) == 0)
        let output = OutputFile(descriptor: ends[1], name: "pipe")
        let text = String(repeating: "x", count: 1 << 20)
        async let written: Void = onBlockingThread(named: "test") { try output.write(text + "\n") }
        let input = InputFile(owning: ends[0], name: "pipe")
        let count = try await onBlockingThread(named: "test") {
            var reader = LineReader(read: input.read)
            return try reader.next()?.content.count
        }
        #expect(count == 1 << 20)
        try await written
        close(ends[1])
    }
}
