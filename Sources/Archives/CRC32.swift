internal import CZlib

/// The checksum of zip archives and of gzip (IEEE 802.3, bits in reverse).
package enum CRC32 {
    package static func checksum(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
        UInt32(crc32_z(0, bytes.baseAddress?.assumingMemoryBound(to: Bytef.self), z_size_t(bytes.count)))
    }
}
