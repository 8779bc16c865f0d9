import Hub
import Testing

@Suite struct RepositoryListingTests {
    private static let commit = String(repeating: "a", count: 40)
    private static let sha256 = String(repeating: "b", count: 64)

    private static func read(_ siblings: String, commit: String = commit) throws -> RepositoryListing {
        let text =
            #"{"id": "a/b", "sha": "\#(commit)", "private": false, "siblings": [\#(siblings)], "new": {"x": [1]}}"#
        return try RepositoryListing(Array(text.utf8), of: RepositoryName("a/b"))
    }

    @Test func `large files have Git LFS's digest, small ones Git's`() throws {
        let listing = try Self.read(
            #"""
            {"rfilename": "config.json", "size": 12, "blobId": "\#(Self.commit)"},
            {"rfilename": "model.safetensors", "size": 134, "blobId": "\#(Self.commit)",
             "lfs": {"sha256": "\#(Self.sha256)", "size": 5000, "pointerSize": 134}},
            {"rfilename": "onnx/model.onnx", "size": 3}
            """#)
        #expect(
            listing.files == [
                RemoteFile(name: "config.json", byteCount: 12, digest: .gitBlob(Self.commit)),
                RemoteFile(name: "model.safetensors", byteCount: 5000, digest: .sha256(Self.sha256)),
            ])
    }

    @Test(
        arguments: [
            "../config.json", "/etc/passwd", "a/../../b", "a//b", "", ".", "a/.", #"..\\b"#, #"a\u0000b"#, #"a\nb"#,
            String(repeating: "x", count: 256),
        ])
    func `a file outside of the repository is refused`(name: String) throws {
        let error = try #require(throws: HubError.self) {
            try Self.read(#"{"rfilename": "\#(name)", "size": 1, "blobId": "\#(Self.commit)"}"#)
        }
        #expect(error.code == .malformedAnswer)
        #expect(error.problem.contains("outside of the repository"))
    }

    @Test(arguments: ["main", "", "../../x", String(repeating: "A", count: 40)])
    func `something other than a commit is refused`(commit: String) throws {
        let error = try #require(throws: HubError.self) { try Self.read("", commit: commit) }
        #expect(error.code == .malformedAnswer)
    }

    @Test(arguments: ["", "{", "<html>Log in</html>", #"{"sha": 1}"#, "[]", #"{"sha": "a", "siblings": {}}"#])
    func `a malformed answer is quoted`(text: String) throws {
        let error = try #require(throws: HubError.self) {
            try RepositoryListing(Array(text.utf8), of: RepositoryName("a/b"))
        }
        #expect(error.code == .malformedAnswer)
        #expect(text.isEmpty || error.message.contains(text))
    }

    @Test func `a list without sizes, and one with a file twice, are refused`() throws {
        #expect(throws: HubError.self) { try Self.read(#"{"rfilename": "config.json"}"#) }
        let file = #"{"rfilename": "config.json", "size": 1, "blobId": "\#(Self.commit)"}"#
        #expect(throws: HubError.self) { try Self.read("\(file), \(file)") }
    }
}
