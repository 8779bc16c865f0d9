internal import Foundation

/// The files of one commit of a repository, as the hub lists them.
package struct RepositoryListing: Sendable, Equatable {
    /// The longest answer that is read. A file takes some 200 bytes of it.
    static let bytesMax = 16 << 20
    static let fileBytesMax = 1 << 50

    /// In hexadecimal digits: the revision that was asked for may be a branch, which moves.
    package let commit: String
    package let files: [RemoteFile]

    package init(commit: String, files: [RemoteFile]) {
        self.commit = commit
        self.files = files
    }

    /// Reads what the hub's interface answers (`GET /api/models/NAME/revision/REVISION?blobs=true`).
    package init(_ bytes: [UInt8], of repository: RepositoryName) throws(HubError) {
        func malformed(_ problem: String, expected: String? = nil, found: String? = nil) -> HubError {
            HubError(
                .malformedAnswer, "\(repository)", problem, expected: expected, found: found,
                remedy: "see whether HF_ENDPOINT is a hub's address, and a proxy does not answer in its place")
        }
        let answer: Answer
        do {
            answer = try JSONDecoder().decode(Answer.self, from: Data(bytes))
        } catch {
            throw malformed("the hub's answer is not a list of files", found: Self.summary(of: bytes))
        }
        guard Self.isHexadecimal(answer.sha, count: 40) else {
            throw malformed(
                "the hub names no commit", expected: "40 hexadecimal digits", found: "\"\(answer.sha)\"")
        }
        commit = answer.sha
        var files: [RemoteFile] = []
        var names: Set<String> = []
        for entry in answer.siblings {
            guard Self.isSafe(entry.rfilename) else {
                throw malformed(
                    "the hub names a file outside of the repository",
                    found: "\"\(HubError.printable(entry.rfilename))\"")
            }
            guard names.insert(entry.rfilename).inserted else {
                throw malformed("the hub names a file twice", found: "\"\(HubError.printable(entry.rfilename))\"")
            }
            // A file of no interest may lack what a chosen one must have.
            guard let size = entry.lfs?.size ?? entry.size, (0...Self.fileBytesMax).contains(size) else { continue }
            if let sha256 = entry.lfs?.sha256, Self.isHexadecimal(sha256, count: 64) {
                files.append(RemoteFile(name: entry.rfilename, byteCount: size, digest: .sha256(sha256)))
            } else if entry.lfs == nil, let blob = entry.blobId, Self.isHexadecimal(blob, count: 40) {
                files.append(RemoteFile(name: entry.rfilename, byteCount: size, digest: .gitBlob(blob)))
            }
        }
        guard !files.isEmpty || answer.siblings.isEmpty else {
            throw malformed("the hub does not say how large the files are, and what their digests")
        }
        self.files = files
    }

    func file(_ name: String) -> RemoteFile? { files.first { $0.name == name } }

    private struct Answer: Decodable {
        var sha: String
        var siblings: [Entry]
    }

    private struct Entry: Decodable {
        var rfilename: String
        var size: Int?
        var blobId: String?
        var lfs: LargeFile?
    }

    private struct LargeFile: Decodable {
        var sha256: String?
        var size: Int?
    }

    static func isHexadecimal(_ text: String, count: Int) -> Bool {
        text.utf8.count == count
            && text.utf8.allSatisfy {
                (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
                    || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains($0)
            }
    }

    /// Whether a path stays where it belongs: no part of it leads up or to the root, none is empty.
    static func isSafe(_ path: String) -> Bool {
        path.utf8.count <= 1024
            && path.split(separator: "/", omittingEmptySubsequences: false).allSatisfy { part in
                !part.isEmpty && part != "." && part != ".." && part.utf8.count <= 255
                    && part.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F && $0 != "\\" }
            }
    }

    /// The beginning of a malformed answer.
    private static func summary(of bytes: [UInt8]) -> String {
        bytes.isEmpty ? "nothing" : "\"\(HubError.printable(String(decoding: bytes.prefix(80), as: UTF8.self)))\""
    }
}
