package import Foundation

/// A folder of the test's own, deleted with the object.
package final class TemporaryFolder: Sendable {
    package let url: URL

    /// - Parameter bytes: How much is to fit in; another user can get there, too. 0: a little, for this user.
    package init(for bytes: UInt64 = 0) throws {
        // In memory where there is such a place: the tests of damage write files by the thousand.
        let memory = URL(fileURLWithPath: "/dev/shm", isDirectory: true)
        var space = statvfs()
        let isRoomy = statvfs(memory.path, &space) == 0 && UInt64(space.f_bavail) * UInt64(space.f_frsize) >= bytes
        let isWritable = FileManager.default.isWritableFile(atPath: memory.path)
        let disk = bytes == 0 ? FileManager.default.temporaryDirectory : URL(fileURLWithPath: "/tmp", isDirectory: true)
        let parent = isWritable && isRoomy ? memory : disk
        url = parent.appendingPathComponent("dragoman-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    /// A copy of another folder.
    package convenience init(copying other: URL) throws {
        try self.init()
        for name in try FileManager.default.contentsOfDirectory(atPath: other.path) where name != "golden.json" {
            try FileManager.default.copyItem(at: other.appendingPathComponent(name), to: file(name))
        }
    }

    deinit {
        try? FileManager.default.removeItem(at: url)
    }

    package func file(_ name: String) -> URL { url.appendingPathComponent(name) }

    package func read(_ name: String) throws -> [UInt8] { [UInt8](try Data(contentsOf: file(name))) }

    @discardableResult
    package func write(_ name: String, _ bytes: some Sequence<UInt8>) throws -> String {
        // Never into a file that may still be mapped: see `MappedFile`.
        let path = file(name).path
        unlink(path)
        try Data(bytes).write(to: file(name))
        return path
    }

    @discardableResult
    package func write(_ name: String, _ text: String) throws -> String { try write(name, text.utf8) }

    package func remove(_ name: String) throws { try FileManager.default.removeItem(at: file(name)) }

    /// Sets one key of a JSON file, its value written as JSON; `nil` removes the key.
    package func set(_ name: String, _ key: String, _ value: String?) throws {
        guard var object = try JSONSerialization.jsonObject(with: Data(contentsOf: file(name))) as? [String: Any] else {
            throw CocoaError(.fileReadCorruptFile)
        }
        object[key] = try value.map {
            try JSONSerialization.jsonObject(with: Data($0.utf8), options: .fragmentsAllowed)
        }
        try write(name, JSONSerialization.data(withJSONObject: object))
    }
}
