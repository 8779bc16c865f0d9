import Checksums
package import Foundation
import Synchronization

/// A hub on this host that answers as huggingface.co does: it lists a repository's files with sizes and digests, redirects
/// large files to a storage on another port, small ones to another path, and sends parts of files.
package final class LocalHub: Sendable {
    package typealias Answer = HTTPServer.Answer
    package typealias Request = HTTPServer.Request
    /// Goes before what the hub would answer; nil: as it would. The number is that of the request to its path, from 1.
    package typealias Fault = @Sendable (Request, _ number: Int) -> Answer?

    /// A file of a repository.
    package struct File: Sendable {
        package var bytes: [UInt8]
        package var isLarge: Bool
        /// What the listing says instead of the truth.
        package var listedSize: Int?
        package var listedDigest: String?

        package init(_ bytes: [UInt8], isLarge: Bool = false) {
            self.bytes = bytes
            self.isLarge = isLarge
        }

        var digest: String {
            if let listedDigest { return listedDigest }
            var digest = SecureDigest(isLarge ? .sha256 : .sha1)
            if !isLarge { digest.add("blob \(bytes.count)\0") }
            bytes.withUnsafeBytes { digest.add($0) }
            return digest.text
        }
    }

    private struct State {
        var files: [String: File]
        var commit: String
        var counts: [String: Int] = [:]
    }

    package static let firstCommit = String(repeating: "1", count: 40)

    package let repository: String
    /// The hub, and where it has its large files.
    package let hub: HTTPServer
    package let storage: HTTPServer
    private let contents: Contents

    package init(_ repository: String, _ files: [String: File], fault: @escaping Fault = { _, _ in nil }) throws {
        self.repository = repository
        let contents = Contents(files, repository, fault)
        self.contents = contents
        let storage = try HTTPServer { contents.stored($0) }
        self.storage = storage
        let storageAddress = storage.address
        hub = try HTTPServer { contents.answer($0, storage: storageAddress) }
    }

    /// The files of a folder, those of a megabyte and more as large ones.
    package static func files(of folder: URL) throws -> [String: File] {
        var files: [String: File] = [:]
        for name in try FileManager.default.contentsOfDirectory(atPath: folder.path) {
            let bytes = [UInt8](try Data(contentsOf: folder.appending(path: name)))
            files[name] = File(bytes, isLarge: bytes.count >= 1 << 20)
        }
        return files
    }

    /// A new commit, with other files.
    package func commit(_ commit: String, _ files: [String: File]) { contents.commit(commit, files) }

    /// The requests to hub and storage whose path has a given end.
    package func requests(for suffix: String) -> [Request] {
        (hub.requests + storage.requests).filter { $0.path.hasSuffix(suffix) }
    }

    private final class Contents: Sendable {
        private let state: Mutex<State>
        private let repository: String
        private let fault: Fault

        init(_ files: [String: File], _ repository: String, _ fault: @escaping Fault) {
            state = Mutex(State(files: files, commit: LocalHub.firstCommit))
            self.repository = repository
            self.fault = fault
        }

        func commit(_ commit: String, _ files: [String: File]) {
            state.withLock {
                $0.commit = commit
                $0.files = files
            }
        }

        private func faulty(_ request: Request) -> Answer? {
            let number = state.withLock { state in
                state.counts[request.path, default: 0] += 1
                return state.counts[request.path] ?? 0
            }
            return fault(request, number)
        }

        func answer(_ request: Request, storage: String) -> Answer {
            if let answer = faulty(request) { return answer }
            let (files, commit) = state.withLock { ($0.files, $0.commit) }
            let listing = "/api/models/\(repository)/revision/"
            if request.path.hasPrefix(listing) { return list(files, commit) }
            let resolved = "/\(repository)/resolve/\(commit)/"
            let cached = "/api/resolve-cache/models/\(repository)/\(commit)/"
            for prefix in [resolved, cached] where request.path.hasPrefix(prefix) {
                let name = String(request.path.dropFirst(prefix.count))
                guard let file = files[name] else { return Answer(404, ["X-Error-Code": "EntryNotFound"]) }
                if file.isLarge { return Answer(302, ["Location": "\(storage)/stored/\(name)"]) }
                return prefix == resolved
                    ? Answer(307, ["Location": "\(cached)\(name)"]) : Self.part(of: file, request)
            }
            return Answer(401, ["X-Error-Code": "RepoNotFound", "X-Error-Message": "Repository not found"])
        }

        func stored(_ request: Request) -> Answer {
            if let answer = faulty(request) { return answer }
            let name = String(request.path.dropFirst("/stored/".count))
            guard let file = state.withLock({ $0.files[name] }) else { return Answer(404) }
            return Self.part(of: file, request)
        }

        private func list(_ files: [String: File], _ commit: String) -> Answer {
            let siblings = files.sorted { $0.key < $1.key }.map { name, file -> [String: Any] in
                let size = file.listedSize ?? file.bytes.count
                var entry: [String: Any] = ["rfilename": name, "size": size]
                if file.isLarge {
                    entry["blobId"] = String(repeating: "0", count: 40)
                    entry["lfs"] = ["sha256": file.digest, "size": size, "pointerSize": 134] as [String: Any]
                } else {
                    entry["blobId"] = file.digest
                }
                return entry
            }
            let answer: [String: Any] = ["id": repository, "sha": commit, "siblings": siblings, "private": false]
            let data = try? JSONSerialization.data(withJSONObject: answer)
            return Answer(200, ["Content-Type": "application/json"], body: data.map { [UInt8]($0) } ?? [])
        }

        /// RFC 9110: a part of it, if one is asked for, and the file is still the one it is a part of.
        private static func part(of file: File, _ request: Request) -> Answer {
            let tag = "\"\(file.digest)\""
            guard let first = request.first, request.fields["if-range"].map({ $0 == tag }) ?? true else {
                return Answer(200, ["ETag": tag], body: file.bytes)
            }
            guard first < file.bytes.count else { return Answer(416, ["Content-Range": "bytes */\(file.bytes.count)"]) }
            let range = "bytes \(first)-\(file.bytes.count - 1)/\(file.bytes.count)"
            return Answer(206, ["ETag": tag, "Content-Range": range], body: Array(file.bytes[first...]))
        }
    }
}
