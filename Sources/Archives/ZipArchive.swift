internal import Wording

/// The directory of a zip archive (PKWARE's APPNOTE.TXT, 4.3; Zip64 for archives of 4 GiB and more).
package struct ZipArchive: Sendable {
    /// A file of the archive.
    package struct Entry: Sendable {
        package var name: String
        /// Where its contents lie in the archive: as they are, or compressed.
        package var range: Range<Int>
        /// The size of the file, in bytes.
        package var byteCount: Int
        /// Whether it is compressed, by the method "deflate".
        package var isDeflated: Bool
        /// The CRC-32 of the file.
        package var checksum: UInt32
        /// Where its own header begins, which its contents follow.
        package var start: Int
        /// Where the directory describes it.
        package var description: Range<Int>
    }

    /// More entries than the largest model has tensors, by far.
    private static let entriesMax = 1 << 20

    /// In the order of the directory.
    package private(set) var entries: [Entry] = []
    /// Where the directory begins.
    package private(set) var directory = 0
    /// What follows the directory: its end, and a comment.
    package private(set) var end: Range<Int>
    /// Whether its sizes and places have 64 bits.
    package private(set) var is64 = false

    static let localSignature: UInt32 = 0x0403_4B50
    private static let centralSignature: UInt32 = 0x0201_4B50
    private static let endSignature: UInt32 = 0x0605_4B50
    private static let end64Signature: UInt32 = 0x0606_4B50
    private static let locatorSignature: UInt32 = 0x0706_4B50
    private static let endLength = 22
    private static let commentLengthMax = 65_535

    /// Whether a file begins as an archive does.
    package static func isArchive(_ bytes: UnsafeRawBufferPointer) -> Bool {
        bytes.count >= 4 && UInt32(littleEndian: bytes.loadUnaligned(as: UInt32.self)) == localSignature
    }

    package init(_ bytes: UnsafeRawBufferPointer) throws(ArchiveError) {
        let first = max(0, bytes.count - Self.endLength - Self.commentLengthMax)
        guard bytes.count >= Self.endLength,
            let end = (first...bytes.count - Self.endLength).reversed().first(where: {
                UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: $0, as: UInt32.self)) == Self.endSignature
            })
        else {
            throw ArchiveError(
                .malformed, "not a whole zip archive: it has no directory at its end",
                remedy: "the download may be incomplete")
        }
        self.end = end..<bytes.count
        var (cursor, count) = try findDirectory(bytes, end)
        for _ in 0..<count { try addEntry(&cursor) }
    }

    /// Finds the central directory: where it begins, and how many entries it has.
    private mutating func findDirectory(
        _ bytes: UnsafeRawBufferPointer, _ end: Int
    ) throws(ArchiveError) -> (place: ArchiveCursor, count: Int) {
        // Skipped: signature and the numbers of disks, and of entries on this one.
        var cursor = ArchiveCursor(bytes, at: end + 10)
        var count = UInt64(try cursor.integer(UInt16.self))
        _ = try cursor.integer(UInt32.self)
        var start = UInt64(try cursor.integer(UInt32.self))
        if count == 0xFFFF || start == 0xFFFF_FFFF, end >= 20 {
            var locator = ArchiveCursor(bytes, at: end - 20)
            if try locator.integer(UInt32.self) == Self.locatorSignature {
                is64 = true
                _ = try locator.integer(UInt32.self)
                var end64 = try cursor.moved(to: try locator.integer(UInt64.self))
                guard try end64.integer(UInt32.self) == Self.end64Signature else {
                    throw end64.failure("the zip archive's 64-bit directory is not where it should be")
                }
                _ = try end64.range(of: 28)
                count = try end64.integer(UInt64.self)
                _ = try end64.integer(UInt64.self)
                start = try end64.integer(UInt64.self)
            }
        }
        guard count <= Self.entriesMax else { throw cursor.failure("a zip archive of \(count) entries") }
        let place = try cursor.moved(to: start)
        directory = place.position
        return (place, Int(count))
    }

    private mutating func addEntry(_ cursor: inout ArchiveCursor) throws(ArchiveError) {
        let description = cursor.position
        guard try cursor.integer(UInt32.self) == Self.centralSignature else {
            throw cursor.failure("the zip archive's directory has an entry that is none", at: description)
        }
        _ = try cursor.range(of: 4)
        let flags = try cursor.integer(UInt16.self)
        let method = try cursor.integer(UInt16.self)
        _ = try cursor.range(of: 4)
        let checksum = try cursor.integer(UInt32.self)
        var stored = UInt64(try cursor.integer(UInt32.self))
        var size = UInt64(try cursor.integer(UInt32.self))
        let nameLength = Int(try cursor.integer(UInt16.self))
        let extraLength = Int(try cursor.integer(UInt16.self))
        let commentLength = Int(try cursor.integer(UInt16.self))
        _ = try cursor.range(of: 8)
        var start = UInt64(try cursor.integer(UInt32.self))
        let name = try cursor.text(of: nameLength)
        let extraEnd = cursor.position + extraLength
        while extraEnd - cursor.position >= 4 {
            let tag = try cursor.integer(UInt16.self)
            let length = Int(try cursor.integer(UInt16.self))
            let fieldEnd = cursor.position + length
            if tag == 1 {
                is64 = true
                // 4.5.3: those of the three that did not fit above, in this order.
                if size == 0xFFFF_FFFF { size = try cursor.integer(UInt64.self) }
                if stored == 0xFFFF_FFFF { stored = try cursor.integer(UInt64.self) }
                if start == 0xFFFF_FFFF { start = try cursor.integer(UInt64.self) }
            }
            cursor = try cursor.moved(to: UInt64(fieldEnd))
        }
        cursor = try cursor.moved(to: UInt64(extraEnd + commentLength))
        guard flags & 1 == 0, method == 8 || method == 0 && stored == size else {
            throw ArchiveError(
                .unsupported,
                "its entry \"\(name.printable(limit: 200))\" is encrypted, or compressed in a way that is not supported",
                expected: "method 0 or 8", found: "method \(method)",
                remedy: "unpack the archive, if it is one of whole files")
        }
        var local = try cursor.moved(to: start)
        guard try local.integer(UInt32.self) == Self.localSignature else {
            throw local.failure("the zip archive's entry \"\(name.printable(limit: 200))\" does not begin here")
        }
        _ = try local.range(of: 22)
        let localLengths = Int(try local.integer(UInt16.self)) + Int(try local.integer(UInt16.self))
        _ = try local.range(of: localLengths)
        guard let count = Int(exactly: size), let storedCount = Int(exactly: stored) else {
            throw local.failure("an entry of \(size) bytes")
        }
        entries.append(
            Entry(
                name: name, range: try local.range(of: storedCount), byteCount: count, isDeflated: method == 8,
                checksum: checksum, start: Int(start), description: description..<cursor.position))
    }
}
