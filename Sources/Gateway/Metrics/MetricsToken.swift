/// The secret that readers of metrics have to show.
package struct MetricsToken: Sendable {
    private let digest: [UInt8]

    /// A shorter one could be guessed.
    package static let bytesMinimum = 16

    /// - Returns: nil when it is too short, or has a character that no header can carry.
    package init?(_ secret: String) {
        guard secret.utf8.count >= Self.bytesMinimum, secret.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            return nil
        }
        digest = Self.digest(of: secret)
    }

    /// Whether a header shows the secret. What is compared is digests, all of them, so that the time it takes says nothing
    /// about where they differ.
    func admits(_ authorization: String?) -> Bool {
        guard let words = authorization?.split(separator: " "), words.count == 2, words[0].lowercased() == "bearer"
        else { return false }
        return zip(digest, Self.digest(of: String(words[1]))).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }

    private static func digest(of secret: String) -> [UInt8] { Array(KeyRing.digest(of: secret).utf8) }
}
