internal import Foundation

/// Where a pulled model is from, in a file beside its own.
package struct ModelOrigin: Sendable, Equatable, Codable {
    static let fileName = ".origin.json"
    private static let bytesMax = 4 << 20

    package var endpoint: String
    package var repository: String
    /// What was asked for: a branch, a tag or a commit.
    package var revision: String
    package var commit: String
    package var files: [RemoteFile]

    package var byteCount: Int { files.map(\.byteCount).reduce(0, +) }

    package init(endpoint: String, repository: String, revision: String, commit: String, files: [RemoteFile]) {
        self.endpoint = endpoint
        self.repository = repository
        self.revision = revision
        self.commit = commit
        self.files = files
    }

    /// Reads a folder's origin; nil when the file is missing or cannot be read.
    init?(in folder: String) {
        guard let file = FileHandle(forReadingAtPath: "\(folder)/\(Self.fileName)") else { return nil }
        defer { try? file.close() }
        guard let data = try? file.read(upToCount: Self.bytesMax),
            let origin = try? JSONDecoder().decode(Self.self, from: data)
        else { return nil }
        self = origin
    }

    var text: [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        // Texts and whole numbers can all be written.
        guard let data = try? encoder.encode(self) else { preconditionFailure("an origin is JSON") }
        return [UInt8](data) + [UInt8(ascii: "\n")]
    }
}
