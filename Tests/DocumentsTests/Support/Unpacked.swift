import Archives

/// The files of an archive, by name.
func unpacked(_ bytes: [UInt8]) throws -> [(name: String, text: String)] {
    try bytes.withUnsafeBytes { bytes in
        try ZipArchive(bytes).entries.map { entry in
            var contents = [UInt8](repeating: 0, count: entry.byteCount)
            try contents.withUnsafeMutableBytes { try ZipArchive.read(entry, of: bytes, into: $0) }
            return (entry.name, String(decoding: contents, as: UTF8.self))
        }
    }
}
