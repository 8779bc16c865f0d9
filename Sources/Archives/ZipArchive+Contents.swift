extension ZipArchive {
    package enum Damage: Error {
        /// It cannot have the size that the directory says.
        case impossibleSize
        /// It is not what was compressed.
        case damaged
        /// It has another size than the directory says.
        case otherSize
        /// It is not what was written.
        case otherChecksum
    }

    /// Reads a file of the archive.
    ///
    /// - Parameters:
    ///   - bytes: The archive.
    ///   - output: Of the size that the entry says.
    package static func read(
        _ entry: Entry, of bytes: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
    ) throws(Damage) {
        let input = UnsafeRawBufferPointer(rebasing: bytes[entry.range])
        guard isPossible(entry) else { throw .impossibleSize }
        if entry.isDeflated {
            do {
                try Inflate.inflate(input, into: output)
            } catch {
                throw error == .otherSize ? .otherSize : .damaged
            }
        } else {
            output.copyMemory(from: input)
        }
        guard CRC32.checksum(UnsafeRawBufferPointer(output)) == entry.checksum else { throw .otherChecksum }
    }

    /// Whether a file can have its size; asked before there is memory for it.
    package static func isPossible(_ entry: Entry) -> Bool {
        entry.isDeflated
            ? entry.byteCount / Inflate.ratioMax <= entry.range.count : entry.byteCount == entry.range.count
    }
}
