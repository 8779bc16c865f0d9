import Checksums
import TestKit
import Testing

@Suite struct SecureDigestTests {
    /// From `sha1sum` and `sha256sum` of coreutils 9.1.
    @Test(
        arguments: [
            (.sha1, "", "da39a3ee5e6b4b0d3255bfef95601890afd80709"),
            (.sha1, "abc", "a9993e364706816aba3e25717850c26c9cd0d89d"),
            (.sha256, "", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
            (.sha256, "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
            (
                .sha256, "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
                "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
            ),
            // What Git calls a file with the text "hello\n".
            (.sha1, "blob 6\0hello\n", "ce013625030ba8dba906f756967f9e9ca394464a"),
        ] as [(SecureDigest.Algorithm, String, String)])
    func `the digest is that of others`(algorithm: SecureDigest.Algorithm, text: String, expected: String) {
        var digest = SecureDigest(algorithm)
        digest.add(text)
        #expect(digest.text == expected)
    }

    @Test(arguments: [SecureDigest.Algorithm.sha1, .sha256])
    func `the parts that bytes come in make no difference`(algorithm: SecureDigest.Algorithm) {
        var random = SeededRandom(seed: 5)
        for length in [0, 1, 55, 56, 63, 64, 65, 119, 120, 128, 1000] {
            let bytes = (0..<length).map { _ in UInt8.random(in: 0...255, using: &random) }
            var whole = SecureDigest(algorithm)
            bytes.withUnsafeBytes { whole.add($0) }
            var parts = SecureDigest(algorithm)
            var rest = bytes[...]
            while !rest.isEmpty {
                let part = Array(rest.prefix(Int.random(in: 0...70, using: &random)))
                part.withUnsafeBytes { parts.add($0) }
                rest = rest.dropFirst(part.count)
                // Asking does not end it.
                _ = parts.text
            }
            #expect(parts.text == whole.text)
        }
    }
}
