import Foundation
import TestKit

/// A small file system in memory, which is unmounted with the object.
final class MemoryMount {
    let folder: URL

    /// - Returns: nil when this user, or this container, may not mount.
    init?(at folder: URL, options: String) throws {
        self.folder = folder
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        guard Self.run("/bin/mount", ["-t", "tmpfs", "-o", options, "tmpfs", folder.path]) else { return nil }
    }

    // Lazily, for a daemon may not be quite gone.
    deinit { _ = Self.run("/bin/umount", ["--lazy", folder.path]) }

    private static func run(_ program: String, _ arguments: [String]) -> Bool {
        let process = Process()
        process.executableURL = URL(filePath: program)
        process.arguments = arguments
        process.standardError = FileHandle.nullDevice
        do { try process.run() } catch { return false }
        process.waitUntilExit()
        return process.terminationStatus == 0
    }
}
