import Foundation

/// Cuts bytes into lines as they come.
///
/// Only `\n` ends a line, and a `\r` right before it belongs to the end. Every byte is looked at once and moved at most
/// once before it is handed out, however long the line.
package struct LineReader {
    /// Fills a buffer with what there is, waiting only when there is nothing; 0 says that the input has ended.
    package typealias Read = (UnsafeMutableRawBufferPointer) throws(SystemError) -> Int

    /// Longer lines are read past, not kept, so that input without line ends cannot take all memory.
    package static let lineBytesMaximum = 256 << 20
    private static let chunkBytes = 64 << 10

    private let read: Read
    private let limit: Int
    /// What the lines' places name.
    private let file: String?
    private var buffer: [UInt8] = []
    /// Where the line that is being read begins in `buffer`.
    private var start = 0
    /// Up to where the buffer is known to hold no line end.
    private var scanned = 0
    private var number = 0
    private var hasEnded = false
    /// The line that is being read has passed the limit.
    private var isTooLong = false

    package init(limit: Int = LineReader.lineBytesMaximum, file: String? = nil, read: @escaping Read) {
        self.read = read
        self.limit = limit
        self.file = file
    }

    package init(_ input: InputFile) { self.init(file: input.path, read: input.read) }

    /// The next line, as soon as its end has been read; `nil` at the end of input.
    package mutating func next() throws(SystemError) -> Line? {
        while true {
            if let end = indexOfNewline() { return cut(at: end, hasNewline: true) }
            scanned = buffer.count
            if scanned - start > limit {
                isTooLong = true
                start = scanned
            }
            if hasEnded {
                guard start < buffer.count || isTooLong else { return nil }
                return cut(at: buffer.count, hasNewline: false)
            }
            try fill()
        }
    }

    /// All that is left as one line, its line breaks included; the last one, if any, becomes its end.
    package mutating func rest() throws(SystemError) -> Line? {
        while !hasEnded {
            try fill()
            if buffer.count - start > limit {
                isTooLong = true
                start = buffer.count
            }
        }
        guard start < buffer.count || isTooLong else { return nil }
        let hasNewline = buffer.last == UInt8(ascii: "\n")
        return cut(at: hasNewline ? buffer.count - 1 : buffer.count, hasNewline: hasNewline)
    }

    private func indexOfNewline() -> Int? {
        buffer.withUnsafeBytes { bytes in
            guard scanned < bytes.count, let base = bytes.baseAddress else { return nil }
            let found = memchr(base + scanned, Int32(UInt8(ascii: "\n")), bytes.count - scanned)
            return found.map { UnsafeRawPointer($0) - base }
        }
    }

    private mutating func cut(at end: Int, hasNewline: Bool) -> Line {
        number += 1
        var contentEnd = max(start, end)
        var ending = Line.Ending.none
        if hasNewline {
            ending = .newline
            if contentEnd > start, buffer[contentEnd - 1] == UInt8(ascii: "\r") {
                contentEnd -= 1
                ending = .carriageReturnNewline
            }
        }
        let content = isTooLong || contentEnd - start > limit ? [] : Array(buffer[start..<contentEnd])
        let line = Line(
            number: number, file: file, content: content, ending: ending,
            isTooLong: isTooLong || contentEnd - start > limit)
        start = min(buffer.count, end + (hasNewline ? 1 : 0))
        scanned = start
        isTooLong = false
        return line
    }

    private mutating func fill() throws(SystemError) {
        // What is left is the beginning of one line. It is moved here once; then `start` is 0 until that line is cut.
        if start > 0 {
            buffer.removeFirst(start)
            scanned -= start
            start = 0
        }
        let count = try withUnsafeTemporaryAllocation(byteCount: Self.chunkBytes, alignment: 16) {
            chunk throws(SystemError) in
            let count = try read(chunk)
            buffer.append(contentsOf: chunk.prefix(count))
            return count
        }
        hasEnded = count == 0
    }
}
