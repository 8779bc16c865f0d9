internal import CZlib

/// Decompresses what the method "deflate" has compressed (RFC 1951).
///
/// Its size is known before, so the output is memory of just that size, and nothing is written beyond it whatever the
/// input says.
package enum Inflate {
    package enum Failure: Error {
        /// The input ends too early, or was not compressed by this method.
        case malformed
        /// The output is not as long as it should be.
        case otherSize
    }

    /// No deflated data grows more than so many times (zlib's technical details).
    package static let ratioMax = 1032

    /// What is handed to zlib at a time, whose counts have 32 bits.
    private static let stepMax = 1 << 30

    /// - Parameter output: Of the size that the input has when it is decompressed.
    package static func inflate(
        _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
    ) throws(Failure) {
        var stream = z_stream()
        // Without a header.
        let begun = inflateInit2_(&stream, -MAX_WBITS, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        precondition(begun == Z_OK, "zlib has no memory, or is of another version")
        defer { inflateEnd(&stream) }
        var taken = 0, written = 0
        // One byte more than there should be, to see whether it comes.
        var beyond: UInt8 = 0
        while true {
            let inputCount = min(stepMax, input.count - taken), outputCount = min(stepMax, output.count - written)
            stream.next_in = UnsafeMutablePointer(
                mutating: input.baseAddress.map { ($0 + taken).assumingMemoryBound(to: Bytef.self) })
            stream.avail_in = uInt(inputCount)
            let status: Int32
            if outputCount > 0 {
                stream.next_out = output.baseAddress.map { ($0 + written).assumingMemoryBound(to: Bytef.self) }
                stream.avail_out = uInt(outputCount)
                status = CZlib.inflate(&stream, Z_NO_FLUSH)
                written += outputCount - Int(stream.avail_out)
            } else {
                status = withUnsafeMutablePointer(to: &beyond) { byte in
                    stream.next_out = byte
                    stream.avail_out = 1
                    return CZlib.inflate(&stream, Z_NO_FLUSH)
                }
                guard stream.avail_out == 1 else { throw .otherSize }
            }
            let step = inputCount - Int(stream.avail_in)
            taken += step
            if status == Z_STREAM_END { break }
            guard status == Z_OK, step > 0 || outputCount > Int(stream.avail_out) else { throw .malformed }
        }
        guard written == output.count else { throw .otherSize }
    }
}
