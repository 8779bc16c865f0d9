internal import Archives
internal import Tensors

/// Files that gzip has compressed (RFC 1952): one member, as gzip writes it.
enum Gzip {
    static func isOne(_ bytes: UnsafeRawBufferPointer) -> Bool { bytes.starts(with: [0x1F, 0x8B, 0x08]) }

    private enum Flag {
        static let checksum: UInt8 = 2
        static let extra: UInt8 = 4
        static let name: UInt8 = 8
        static let comment: UInt8 = 16
    }

    private static let trailerLength = 8

    /// Unpacks a file; throws when it is longer than `byteCountMax`, or not what its checksum says.
    static func contents(
        _ bytes: UnsafeRawBufferPointer, byteCountMax: Int, file: String
    ) throws(ModelError) -> [UInt8] {
        var cursor = ByteCursor(bytes, file: file)
        _ = try cursor.range(of: 3)
        let flags = try cursor.byte()
        _ = try cursor.range(of: 6)
        if flags & Flag.extra != 0 { _ = try cursor.range(of: Int(try cursor.integer(UInt16.self))) }
        for flag in [Flag.name, Flag.comment] where flags & flag != 0 {
            while try cursor.byte() != 0 {}
        }
        if flags & Flag.checksum != 0 { _ = try cursor.range(of: 2) }
        let start = cursor.position
        guard bytes.count - start >= trailerLength else {
            throw cursor.failure("not a whole gzip file", remedy: "the download may be incomplete")
        }
        var trailer = ByteCursor(bytes, file: file, at: bytes.count - trailerLength)
        let checksum = try trailer.integer(UInt32.self), count = Int(try trailer.integer(UInt32.self))
        guard count <= byteCountMax, count / Inflate.ratioMax <= bytes.count else {
            throw trailer.failure("a file that cannot have \(count) bytes", at: bytes.count - 4)
        }
        var contents = [UInt8](repeating: 0, count: count)
        let input = UnsafeRawBufferPointer(rebasing: bytes[start..<bytes.count - trailerLength])
        let isWhole = contents.withUnsafeMutableBytes { output in
            do throws(Inflate.Failure) {
                try Inflate.inflate(input, into: output)
                return CRC32.checksum(UnsafeRawBufferPointer(output)) == checksum
            } catch {
                return false
            }
        }
        guard isWhole else {
            throw ModelError(
                .checksumMismatch, file: file, "the compressed file is damaged",
                remedy: "the download may be incomplete")
        }
        return contents
    }
}
