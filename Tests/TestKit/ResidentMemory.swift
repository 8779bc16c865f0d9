import Foundation

/// What this process has in its memory of a file that it maps, as `/proc/self/smaps` tells (proc_pid_smaps(5)).
package enum ResidentMemory {
    package struct NotMapped: Error {
        let path: String
    }

    /// In bytes.
    package static func ofFile(_ path: String) throws -> Int {
        // Foundation's readers of whole files take what one read(2) gives for all of it.
        let handle = try FileHandle(forReadingFrom: URL(fileURLWithPath: "/proc/self/smaps"))
        let text = String(decoding: try handle.readToEnd() ?? Data(), as: UTF8.self)
        var bytes: Int?
        var isOfFile = false
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ", omittingEmptySubsequences: true)
            if !words[0].hasSuffix(":") {
                isOfFile = line.hasSuffix(" " + path)
            } else if isOfFile, words[0] == "Rss:", let kibibytes = Int(words[1]) {
                bytes = (bytes ?? 0) + kibibytes * 1024
            }
        }
        guard let bytes else { throw NotMapped(path: path) }
        return bytes
    }
}
