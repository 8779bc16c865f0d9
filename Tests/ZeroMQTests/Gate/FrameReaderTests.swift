import Testing
import ZeroMQ

@Suite struct FrameReaderTests {
    private static let greeting: [UInt8] =
        [0xFF] + [UInt8](repeating: 0, count: 8) + [0x7F, 3, 0] + Array("NULL".utf8) + [UInt8](repeating: 0, count: 48)
    private static let ready: [UInt8] = [4, 6] + Array("\u{5}READY".utf8)

    private static func frame(_ count: Int, flags: UInt8 = 0) -> [UInt8] {
        let size = (0..<8).map { UInt8(truncatingIfNeeded: count >> (56 - 8 * $0)) }
        return (count < 256 ? [flags, UInt8(count)] : [flags | 2] + size) + [UInt8](repeating: 7, count: count)
    }

    /// Reads everything in pieces of some size, as a socket gives it.
    private func sizes(_ bytes: [UInt8], pieces: Int) throws -> (frames: [Int], ended: Int) {
        var reader = FrameReader(frameBytesMaximum: 1 << 20)
        var (frames, ended) = ([Int](), 0)
        var held: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: pieces) {
            held += bytes[start..<min(start + pieces, bytes.count)]
            let read = try held.withUnsafeBytes { held in
                try reader.read(
                    held,
                    admit: {
                        frames.append($0)
                        return true
                    }, ended: { ended += $0 ? 1 : 0 })
            }
            held.removeFirst(read)
        }
        #expect(held.isEmpty)
        return (frames, ended)
    }

    @Test(arguments: [1, 2, 3, 7, 64, 65, 1000, 100_000])
    func `frames are found whatever pieces they come in`(_ pieces: Int) throws {
        let bytes =
            Self.greeting + Self.ready + Self.frame(0) + Self.frame(255) + Self.frame(256, flags: 1)
            + Self.frame(70_000)
        let (frames, ended) = try sizes(bytes, pieces: pieces)
        #expect(frames == [6, 0, 255, 256, 70_000])
        #expect(ended == 4)
    }

    @Test func `a frame that is not admitted stays where it is, and is asked about again`() throws {
        var reader = FrameReader(frameBytesMaximum: 1 << 20)
        let bytes = Self.greeting + Self.ready + Self.frame(300) + Self.frame(400)
        var admitted: [Int] = []
        func read(_ bytes: some Collection<UInt8>, most: Int) throws -> Int {
            try Array(bytes).withUnsafeBytes { bytes in
                try reader.read(
                    bytes,
                    admit: {
                        guard $0 < most else { return false }
                        admitted.append($0)
                        return true
                    }, ended: { _ in })
            }
        }
        let first = try read(bytes, most: 400)
        #expect(first == Self.greeting.count + Self.ready.count + 309)
        #expect(try read(bytes.dropFirst(first), most: 400) == 0)
        #expect(try read(bytes.dropFirst(first), most: 500) == 409)
        #expect(admitted == [6, 300, 400])
    }

    @Test func `what is not ZMTP 3, and what is too large, is known before its body`() throws {
        func violation(_ bytes: [UInt8]) -> FrameReader.Violation? {
            var reader = FrameReader(frameBytesMaximum: 1 << 20)
            return bytes.withUnsafeBytes { bytes in
                do throws(FrameReader.Violation) {
                    _ = try reader.read(bytes, admit: { _ in true }, ended: { _ in })
                    return nil
                } catch {
                    return error
                }
            }
        }
        #expect(violation(Array("GET / HTTP/1.1\r\n".utf8)) == .notZMTP3)
        #expect(violation([0xFF] + [UInt8](repeating: 0, count: 8) + [0x7F, 1, 5]) == .notZMTP3)
        let beginning = Self.greeting + Self.ready
        #expect(violation(beginning + [2, 0, 0, 0, 0, 0, 16, 0, 1]) == .frameTooLarge(bytes: 1 << 20 | 1))
        #expect(violation(beginning + [2] + [UInt8](repeating: 0xFF, count: 8)) == .frameTooLarge(bytes: .max))
        #expect(violation(Self.greeting + [6, 0, 0, 0, 0, 0, 0, 32, 1]) == .handshakeTooLarge(bytes: 8193))
        #expect(violation(beginning + [2, 0, 0, 0, 0, 0, 16, 0, 0]) == nil)
    }
}
