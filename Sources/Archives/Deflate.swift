internal import CZlib

/// Compresses by the method "deflate" (RFC 1951).
package enum Deflate {
    package static func deflated(_ input: [UInt8]) -> [UInt8] {
        precondition(input.count <= Int(Int32.max), "a file of \(input.count) bytes")
        var stream = z_stream()
        let begun = deflateInit2_(
            &stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
            Int32(MemoryLayout<z_stream>.size))
        precondition(begun == Z_OK, "zlib has no memory, or is of another version")
        defer { deflateEnd(&stream) }
        let bound = Int(deflateBound(&stream, uLong(input.count)))
        return [UInt8](unsafeUninitializedCapacity: bound) { output, count in
            input.withUnsafeBufferPointer { input in
                stream.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
                stream.avail_in = uInt(input.count)
                stream.next_out = output.baseAddress
                stream.avail_out = uInt(output.count)
                let status = deflate(&stream, Z_FINISH)
                precondition(status == Z_STREAM_END, "what is compressed is longer than zlib says it can be")
            }
            count = bound - Int(stream.avail_out)
        }
    }
}
