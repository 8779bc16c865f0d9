/// The directory of a zip archive (PKWARE's APPNOTE.TXT, 4.3; Zip64 for archives of 4 GiB and more).
struct ZipArchive {
    /// A file of the archive.
    struct Entry {
        /// Where its contents lie in the archive: as they are, or compressed.
        var range: Range<Int>
        /// The size of the file, in bytes.
        var byteCount: Int
        /// Whether it is compressed, by the method "deflate".
        var isDeflated: Bool
        /// The CRC-32 of the file.
        var checksum: UInt32
    }

    /// More entries than the largest model has tensors, by far.
    static let entriesMax = 1 << 20

    /// By name.
    private(set) var entries: [String: Entry] = [:]

    private static let localSignature: UInt32 = 0x0403_4B50
    private static let centralSignature: UInt32 = 0x0201_4B50
    private static let endSignature: UInt32 = 0x0605_4B50
    private static let end64Signature: UInt32 = 0x0606_4B50
    private static let locatorSignature: UInt32 = 0x0706_4B50
    private static let endLength = 22
    private static let commentLengthMax = 65_535

    /// Whether a file begins as an archive does.
    static func isArchive(_ bytes: UnsafeRawBufferPointer) -> Bool {
        bytes.count >= 4 && UInt32(littleEndian: bytes.loadUnaligned(as: UInt32.self)) == localSignature
    }

    init(_ bytes: UnsafeRawBufferPointer, file: String) throws(ModelError) {
        var cursor = try Self.directory(bytes, file: file)
        let count = cursor.count
        for _ in 0..<count { try addEntry(&cursor.place) }
    }

    /// Finds the central directory: where it begins, and how many entries it has.
    private static func directory(
        _ bytes: UnsafeRawBufferPointer, file: String
    ) throws(ModelError) -> (place: ByteCursor, count: Int) {
        let first = max(0, bytes.count - endLength - commentLengthMax)
        guard bytes.count >= endLength,
            let end = (first...bytes.count - endLength).reversed().first(where: {
                UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: $0, as: UInt32.self)) == endSignature
            })
        else {
            throw ModelError(
                .malformedFile, file: file, "not a whole zip archive: it has no directory at its end",
                remedy: "the download may be incomplete")
        }
        // Skipped: signature and the numbers of disks, and of entries on this one.
        var cursor = ByteCursor(bytes, file: file, at: end + 10)
        var count = UInt64(try cursor.integer(UInt16.self))
        _ = try cursor.integer(UInt32.self)
        var start = UInt64(try cursor.integer(UInt32.self))
        if count == 0xFFFF || start == 0xFFFF_FFFF, end >= 20 {
            var locator = ByteCursor(bytes, file: file, at: end - 20)
            if try locator.integer(UInt32.self) == locatorSignature {
                _ = try locator.integer(UInt32.self)
                var end64 = try moved(cursor, to: try locator.integer(UInt64.self))
                guard try end64.integer(UInt32.self) == end64Signature else {
                    throw end64.failure("the zip archive's 64-bit directory is not where it should be")
                }
                _ = try end64.range(of: 28)
                count = try end64.integer(UInt64.self)
                _ = try end64.integer(UInt64.self)
                start = try end64.integer(UInt64.self)
            }
        }
        guard count <= entriesMax else { throw cursor.failure("a zip archive of \(count) entries") }
        return (try moved(cursor, to: start), Int(count))
    }

    private mutating func addEntry(_ cursor: inout ByteCursor) throws(ModelError) {
        guard try cursor.integer(UInt32.self) == Self.centralSignature else {
            throw cursor.failure("the zip archive's directory has an entry that is none", at: cursor.position - 4)
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
                // 4.5.3: those of the three that did not fit above, in this order.
                if size == 0xFFFF_FFFF { size = try cursor.integer(UInt64.self) }
                if stored == 0xFFFF_FFFF { stored = try cursor.integer(UInt64.self) }
                if start == 0xFFFF_FFFF { start = try cursor.integer(UInt64.self) }
            }
            cursor = try Self.moved(cursor, to: UInt64(fieldEnd))
        }
        cursor = try Self.moved(cursor, to: UInt64(extraEnd + commentLength))
        guard flags & 1 == 0, method == 8 || method == 0 && stored == size else {
            throw ModelError(
                .unsupported, file: cursor.file,
                "its entry \(ModelError.quoted(name)) is encrypted, or compressed in a way that is not supported",
                expected: "method 0 or 8", found: "method \(method)",
                remedy: "unpack the archive, if it is one of whole files")
        }
        var local = try Self.moved(cursor, to: start)
        guard try local.integer(UInt32.self) == Self.localSignature else {
            throw local.failure("the zip archive's entry \(ModelError.quoted(name)) does not begin here")
        }
        _ = try local.range(of: 22)
        let localLengths = Int(try local.integer(UInt16.self)) + Int(try local.integer(UInt16.self))
        _ = try local.range(of: localLengths)
        guard let count = Int(exactly: size), let storedCount = Int(exactly: stored) else {
            throw local.failure("an entry of \(size) bytes")
        }
        entries[name] = Entry(
            range: try local.range(of: storedCount), byteCount: count, isDeflated: method == 8, checksum: checksum)
    }

    private static func moved(_ cursor: ByteCursor, to position: UInt64) throws(ModelError) -> ByteCursor {
        guard position <= UInt64(cursor.bytes.count) else {
            throw cursor.failure(
                "the zip archive points behind its end, to byte \(position)", remedy: "the download may be incomplete")
        }
        var moved = cursor
        moved.position = Int(position)
        return moved
    }
}
