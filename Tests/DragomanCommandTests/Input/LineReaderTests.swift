import DragomanCommand
import Foundation
import Testing

@Suite struct LineReaderTests {
    /// A reader whose every read gives at most `step` bytes.
    private func reader(_ text: String, step: Int = 1, limit: Int = 1 << 20) -> LineReader {
        var rest = Array(text.utf8)[...]
        return LineReader(limit: limit) { buffer in
            let chunk = rest.prefix(min(step, buffer.count))
            buffer.copyBytes(from: chunk)
            rest = rest.dropFirst(chunk.count)
            return chunk.count
        }
    }

    private func lines(_ reader: LineReader) throws -> [Line] {
        var reader = reader
        var lines: [Line] = []
        while let line = try reader.next() { lines.append(line) }
        return lines
    }

    @Test(arguments: [1, 2, 3, 7, 1000])
    func `lines do not depend on how the bytes come`(step: Int) throws {
        let lines = try lines(reader("one\r\n\n\r\nt\rwo\r\r\nlast", step: step))
        #expect(lines.map { String(decoding: $0.content, as: UTF8.self) } == ["one", "", "", "t\rwo\r", "last"])
        #expect(
            lines.map(\.ending) == [
                .carriageReturnNewline, .newline, .carriageReturnNewline, .carriageReturnNewline, .none,
            ])
        #expect(lines.map(\.number) == [1, 2, 3, 4, 5])
    }

    @Test func `input without bytes has no lines`() throws {
        #expect(try lines(reader("")) == [])
    }

    @Test func `a last line end does not begin another line`() throws {
        #expect(try lines(reader("a\n")).count == 1)
    }

    @Test func `NUL is a byte like others`() throws {
        #expect(try lines(reader("a\0b\n")).first?.content == [0x61, 0, 0x62])
    }

    @Test(arguments: [1, 5, 1000])
    func `a line beyond the limit is read past`(step: Int) throws {
        let lines = try lines(reader("abc\n0123456789\nxyz\n0123456789", step: step, limit: 4))
        #expect(lines.map(\.isTooLong) == [false, true, false, true])
        #expect(lines.map(\.content.count) == [3, 0, 3, 0])
        #expect(lines.map(\.number) == [1, 2, 3, 4])
    }

    @Test func `the rest is everything but the last line end`() throws {
        var withEnd = reader("a\n\nb\r\n", step: 2)
        let line = try #require(try withEnd.rest())
        #expect(line.content == Array("a\n\nb".utf8))
        #expect(line.ending == .carriageReturnNewline)
        #expect(try withEnd.rest() == nil)
        var without = reader("a\nb")
        #expect(try without.rest() == Line(number: 1, content: Array("a\nb".utf8), ending: .none))
    }

    @Test func `a line of 100 MB takes linear time`() throws {
        let chunk = [UInt8](repeating: UInt8(ascii: "x"), count: 64 << 10)
        var count = 0
        var reader = LineReader { buffer in
            count += 1
            guard count <= 1600 else { return 0 }
            buffer.copyBytes(from: chunk)
            return chunk.count
        }
        let start = ContinuousClock.now
        #expect(try reader.next()?.content.count == 1600 * chunk.count)
        let duration = ContinuousClock.now - start
        // Some 50 ms; a quadratic reader moves 80 GB.
        #expect(duration < .seconds(5))
    }

    @Test func `what fails is named`() throws {
        var reader = LineReader { _ throws(SystemError) in throw SystemError("news.txt", EIO) }
        #expect(throws: SystemError("news.txt", EIO)) { try reader.next() }
        #expect(SystemError("news.txt", EIO).description == "news.txt: Input/output error")
    }
}
