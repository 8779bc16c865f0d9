/// The name of a repository on the hub: `Helsinki-NLP/opus-mt-en-fr`, or one part for the hub's oldest.
///
/// The rules are those of huggingface_hub (`utils/_validators.py`), and keep a name from meaning another folder or
/// another address.
package struct RepositoryName: Sendable, Hashable, Comparable, CustomStringConvertible {
    private static let partBytesMax = 96

    package let owner: String?
    package let name: String

    package init(_ text: String) throws(HubError) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard let name = parts.last, parts.count <= 2, parts.allSatisfy(Self.isPart) else {
            let isAddress = text.contains("://")
            throw HubError(
                .invalidName, "\"\(HubError.printable(text))\"", "this is not the name of a repository",
                expected: "ORGANISATION/NAME, of letters, digits, and single - _ . inside",
                remedy: isAddress
                    ? "give the name alone; another hub's address belongs in HF_ENDPOINT"
                    : "copy it from the top of the model's page")
        }
        owner = parts.count == 2 ? parts[0] : nil
        self.name = name
    }

    private static func isPart(_ part: String) -> Bool {
        guard (1...partBytesMax).contains(part.utf8.count), !part.contains("--"), !part.contains(".."),
            !part.hasSuffix(".git")
        else { return false }
        let ends = [part.utf8.first, part.utf8.last]
        return !ends.contains(UInt8(ascii: "-")) && !ends.contains(UInt8(ascii: "."))
            && part.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
                    true
                default: false
                }
            }
    }

    package var description: String { owner.map { "\($0)/\(name)" } ?? name }

    /// The name in one part. No other name has the same, for none has two hyphens in a row.
    var key: String { owner.map { "\($0)--\(name)" } ?? name }

    package static func < (left: Self, right: Self) -> Bool { left.description < right.description }
}
