import Foundation

/// The `dragoman` that was built together with the tests.
package enum BuiltProgram {
    /// The tests run from a file beside it.
    package static let path: String? = {
        guard let tests = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe") else {
            return nil
        }
        let path = URL(filePath: tests).deletingLastPathComponent().appending(path: "dragoman").path
        return FileManager.default.isExecutableFile(atPath: path) ? path : nil
    }()

    /// Whether its tests run: when it is there, and in continuous integration even when not, where they then fail.
    package static var isExpected: Bool {
        path != nil || ProcessInfo.processInfo.environment["CI"].map { !$0.isEmpty } == true
    }

    private struct NotBuilt: Error, CustomStringConvertible {
        let description = "the executable dragoman is not built: swift build --product dragoman"
    }

    /// - Throws: When it is not there.
    package static func requirePath() throws -> String {
        guard let path else { throw NotBuilt() }
        return path
    }
}
