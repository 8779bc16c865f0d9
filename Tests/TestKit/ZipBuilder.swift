internal import Archives

/// Makes zip archives.
package struct ZipBuilder {
    package init() {}

    private var files: [(name: String, contents: [UInt8], isDeflated: Bool)] = []
    /// Whether sizes stand behind the contents, as programs write them that do not know them before.
    package var describesBehind = false

    package mutating func add(_ name: String, _ contents: String, isDeflated: Bool = true) {
        files.append((name, Array(contents.utf8), isDeflated))
    }

    package var bytes: [UInt8] {
        var result: [UInt8] = [], directory: [UInt8] = []
        for (name, contents, isDeflated) in files {
            let stored = isDeflated ? Deflate.deflated(contents) : contents
            let checksum = contents.withUnsafeBytes(CRC32.checksum)
            let sizes = Self.number(checksum) + Self.number(UInt32(stored.count)) + Self.number(UInt32(contents.count))
            let flags: [UInt8] = [describesBehind ? 8 : 0, 8]
            let common = [20, 0] + flags + [isDeflated ? 8 : 0, 0, 0, 0, 0x21, 0x5A]
            let lengths: [UInt8] = [UInt8(name.utf8.count), 0, 0, 0]
            directory += [0x50, 0x4B, 1, 2, 20, 0] + common + sizes + lengths + [UInt8](repeating: 0, count: 10)
            directory += Self.number(UInt32(result.count)) + name.utf8
            let local = describesBehind ? [UInt8](repeating: 0, count: 12) : sizes
            result += [0x50, 0x4B, 3, 4] + common + local + lengths + Array(name.utf8) + stored
            if describesBehind { result += [0x50, 0x4B, 7, 8] + sizes }
        }
        let count = UInt8(files.count)
        let end = [0x50, 0x4B, 5, 6, 0, 0, 0, 0, count, 0, count, 0] + Self.number(UInt32(directory.count))
        return result + directory + end + Self.number(UInt32(result.count)) + [4, 0] + "note".utf8
    }

    private static func number(_ value: UInt32) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: value >> UInt32(8 * $0)) }
    }
}
