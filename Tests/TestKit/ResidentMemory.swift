import Foundation

/// What is in memory, in bytes.
package enum ResidentMemory {
    package struct NotMapped: Error {
        let path: String
    }

    /// Of a process, now and at the most, as `/proc/PID/status` tells (proc_pid_status(5)).
    package static func ofProcess(_ process: Int32) throws -> (now: Int, peak: Int) {
        let path = "/proc/\(process)/status"
        let handle = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
        let text = String(decoding: try handle.readToEnd() ?? Data(), as: UTF8.self)
        func bytes(_ key: String) throws -> Int {
            let line = text.split(separator: "\n").first { $0.hasPrefix(key) }
            let words = line?.split(whereSeparator: \.isWhitespace) ?? []
            guard words.count > 1, let kibibytes = Int(words[1]) else { throw NotMapped(path: path) }
            return kibibytes * 1024
        }
        return (try bytes("VmRSS:"), try bytes("VmHWM:"))
    }

    /// Of a file that this process maps, as `/proc/self/smaps` tells (proc_pid_smaps(5)).
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
