internal import Checksums

/// A file of a repository, as the hub publishes it.
package struct RemoteFile: Sendable, Hashable, Codable {
    /// What the hub says of a file's contents.
    package enum PublishedDigest: Sendable, Hashable {
        /// Of a large file, by Git LFS.
        case sha256(String)
        /// Of a small one, by Git: SHA-1 of a head and the contents.
        case gitBlob(String)
    }

    package let name: String
    package let byteCount: Int
    package let digest: PublishedDigest

    package init(name: String, byteCount: Int, digest: PublishedDigest) {
        self.name = name
        self.byteCount = byteCount
        self.digest = digest
    }

    /// A digest that all of the file's bytes are added to.
    func beginDigest() -> SecureDigest {
        switch digest {
        case .sha256: return SecureDigest(.sha256)
        case .gitBlob:
            var blob = SecureDigest(.sha1)
            // gitformat-pack(5): "blob", the size, and a zero go before the contents.
            blob.add("blob \(byteCount)\0")
            return blob
        }
    }

    /// In hexadecimal digits.
    var digestText: String {
        switch digest {
        case .sha256(let text), .gitBlob(let text): text
        }
    }

    private enum Key: String, CodingKey {
        case name, size, sha256
        case gitBlob = "git_blob"
    }

    package init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: Key.self)
        name = try values.decode(String.self, forKey: .name)
        byteCount = try values.decode(Int.self, forKey: .size)
        // Sums of sizes do not overflow: a listing is bounded as well.
        guard (0...RepositoryListing.fileBytesMax).contains(byteCount) else {
            throw DecodingError.dataCorruptedError(forKey: .size, in: values, debugDescription: "not a file's size")
        }
        if let sha = try values.decodeIfPresent(String.self, forKey: .sha256) {
            digest = .sha256(sha)
        } else {
            digest = .gitBlob(try values.decode(String.self, forKey: .gitBlob))
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: Key.self)
        try values.encode(name, forKey: .name)
        try values.encode(byteCount, forKey: .size)
        switch digest {
        case .sha256(let text): try values.encode(text, forKey: .sha256)
        case .gitBlob(let text): try values.encode(text, forKey: .gitBlob)
        }
    }
}
