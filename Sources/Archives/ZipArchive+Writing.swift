extension ZipArchive {
    private static let described: UInt16 = 8
    private static let deflated: UInt16 = 8

    /// The archive with other contents in some of its files. All others are copied as they are, in their order; those that
    /// change stay as they were stored, compressed or not.
    ///
    /// - Parameters:
    ///   - bytes: The archive, which has no sizes of 64 bits.
    ///   - contents: By the number of the entry.
    package func replaced(_ bytes: [UInt8], with contents: [Int: [UInt8]]) -> [UInt8] {
        precondition(!is64, "an archive with sizes of 64 bits")
        guard !contents.isEmpty else { return bytes }
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var descriptions = entries.map { Array(bytes[$0.description]) }
        // By their places, so that what lies between entries stays there.
        let order = entries.indices.sorted { entries[$0].start < entries[$1].start }
        result += bytes[..<(order.first.map { entries[$0].start } ?? directory)]
        for (position, index) in order.enumerated() {
            let entry = entries[index]
            let next = position + 1 < order.count ? entries[order[position + 1]].start : directory
            let start = result.count
            if let contents = contents[index] {
                var header = Array(bytes[entry.start..<entry.range.lowerBound])
                let stored = entry.isDeflated ? Deflate.deflated(contents) : contents
                let values = Values(
                    checksum: contents.withUnsafeBytes(CRC32.checksum), stored: UInt32(stored.count),
                    size: UInt32(contents.count))
                values.write(to: &header, flagsAt: 6, valuesAt: 14)
                values.write(to: &descriptions[index], flagsAt: 8, valuesAt: 16)
                result += header + stored
            } else {
                result += bytes[entry.start..<max(entry.range.upperBound, next)]
            }
            descriptions[index].put(UInt32(start), at: 42)
        }
        let start = result.count
        for description in descriptions { result += description }
        let size = result.count - start
        result += bytes[(entries.last?.description.upperBound ?? directory)..<self.end.lowerBound]
        var end = Array(bytes[end])
        end.put(UInt32(size), at: 12)
        end.put(UInt32(start), at: 16)
        return result + end
    }

    /// What a header says of a file's contents.
    private struct Values {
        var checksum: UInt32
        var stored: UInt32
        var size: UInt32

        func write(to header: inout [UInt8], flagsAt flags: Int, valuesAt values: Int) {
            // The sizes stand here, and not behind the contents.
            header[flags] &= ~UInt8(ZipArchive.described)
            header.put(checksum, at: values)
            header.put(stored, at: values + 4)
            header.put(size, at: values + 8)
        }
    }
}

extension [UInt8] {
    fileprivate mutating func put(_ value: UInt32, at offset: Int) {
        for byte in 0..<4 { self[offset + byte] = UInt8(truncatingIfNeeded: value >> UInt32(8 * byte)) }
    }
}
