import DragomanCommand
import Foundation

/// A nameless file that is written through its descriptor, and read back.
final class TemporaryFile: Sendable {
    let descriptor: Int32

    init(_ bytes: [UInt8] = []) throws {
        var template = Array("/tmp/dragoman-test-XXXXXX".utf8CString)
        descriptor = mkstemp(&template)
        guard descriptor >= 0, unlink(template) == 0 else { throw SystemError("temporary file", errno) }
        try output.write(bytes)
        lseek(descriptor, 0, SEEK_SET)
    }

    deinit { close(descriptor) }

    var output: OutputFile { OutputFile(descriptor: descriptor, name: "temporary file") }

    /// The file as an input, which has the same position.
    func input() -> InputFile { InputFile(owning: dup(descriptor), name: "temporary file") }

    /// All that has been written.
    func contents() throws -> String {
        lseek(descriptor, 0, SEEK_SET)
        var reader = LineReader(read: input().read)
        guard let rest = try reader.rest() else { return "" }
        return String(decoding: rest.content, as: UTF8.self) + rest.ending.rawValue
    }
}
