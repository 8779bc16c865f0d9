import Foundation

/// Programs that were built together with the tests.
package enum BuiltProgram {
    /// The tests run from a file beside them.
    package static func path(_ name: String) throws -> String {
        let tests = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let path = URL(filePath: tests).deletingLastPathComponent().appending(path: name).path
        guard FileManager.default.isExecutableFile(atPath: path) else { throw NotBuilt(name: name) }
        return path
    }

    private struct NotBuilt: Error, CustomStringConvertible {
        let name: String
        var description: String { "the executable \(name) is not built: swift build --product \(name)" }
    }
}
