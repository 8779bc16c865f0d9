internal import CDigests

/// SHA-1 or SHA-256 of bytes that come in parts: what others publish of their files.
package struct SecureDigest: Sendable {
    package enum Algorithm: Sendable, Hashable {
        case sha1
        case sha256
    }

    package let algorithm: Algorithm
    private var sha: dragoman_sha

    package init(_ algorithm: Algorithm) {
        self.algorithm = algorithm
        sha = algorithm == .sha1 ? dragoman_sha1_begin() : dragoman_sha256_begin()
    }

    package mutating func add(_ bytes: UnsafeRawBufferPointer) {
        switch algorithm {
        case .sha1: dragoman_sha1_add(&sha, bytes.baseAddress, bytes.count)
        case .sha256: dragoman_sha256_add(&sha, bytes.baseAddress, bytes.count)
        }
    }

    package mutating func add(_ text: String) {
        var text = text
        text.withUTF8 { add(UnsafeRawBufferPointer($0)) }
    }

    /// The digest of what has come so far, in hexadecimal digits.
    package var text: String {
        var sha = sha
        var digest = [UInt8](repeating: 0, count: dragoman_sha256_bytes)
        switch algorithm {
        case .sha1:
            dragoman_sha1_end(&sha, &digest)
            digest.removeLast(digest.count - dragoman_sha1_bytes)
        case .sha256: dragoman_sha256_end(&sha, &digest)
        }
        return digest.map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
    }
}
