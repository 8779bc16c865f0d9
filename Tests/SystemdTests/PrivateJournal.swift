import Foundation
import Systemd
import TestKit

/// A systemd-journald of the test's own, in a file system of its own, so that the machine's journal never hears of it.
final class PrivateJournal {
    /// That takes root and the right to mount, and Debian's systemd.
    static let isPossible: Bool = {
        let programs = ["/usr/bin/unshare", journald, journalctl]
        guard geteuid() == 0, programs.allSatisfy(FileManager.default.isExecutableFile) else { return false }
        guard let probe = try? Process.unshared("mount -t tmpfs tmpfs /run") else { return false }
        probe.waitUntilExit()
        return probe.terminationStatus == 0
    }()

    private static let journald = "/usr/lib/systemd/systemd-journald"
    private static let journalctl = "/usr/bin/journalctl"

    /// Its socket, as seen from outside.
    let address: DatagramAddress
    /// What it said to the service manager when it was ready.
    let greeting: String

    private let folder: TemporaryFolder
    private let process: Process

    /// Returns when it listens.
    init() throws {
        folder = try TemporaryFolder()
        let manager = try DatagramReceiver()
        process = try Process.unshared(
            """
            mount -t tmpfs tmpfs /run
            mkdir -p /run/log/journal /run/systemd/journal /run/systemd/journald.conf.d
            mount --bind "$JOURNAL" /run/log/journal
            printf '[Journal]\\nStorage=volatile\\nReadKMsg=no\\nAudit=no\\n' >/run/systemd/journald.conf.d/test.conf
            exec \(Self.journald)
            """, environment: ["JOURNAL": folder.url.path, "NOTIFY_SOCKET": manager.address])
        greeting = String(decoding: try manager.awaitNext(), as: UTF8.self)
        address = DatagramAddress("/proc/\(process.processIdentifier)/root/run/systemd/journal/socket")!
    }

    deinit { if process.isRunning { process.terminate() } }

    /// Ends journald, which first writes what was sent to it, and reads the entries of one sender.
    func entries(of identifier: String) throws -> [[String: String]] {
        process.terminate()
        process.waitUntilExit()
        let reader = Process()
        reader.executableURL = URL(filePath: Self.journalctl)
        reader.arguments = [
            "--directory=\(folder.url.path)", "--output=json", "--all", "--no-pager", "SYSLOG_IDENTIFIER=\(identifier)",
        ]
        let output = Pipe()
        reader.standardOutput = output
        try reader.run()
        let lines = output.fileHandleForReading.readDataToEndOfFile().split(separator: UInt8(ascii: "\n"))
        reader.waitUntilExit()
        return try lines.map { try JSONDecoder().decode([String: String].self, from: Data($0)) }
    }
}

extension Process {
    /// Runs a script that sees mounts of its own.
    fileprivate static func unshared(_ script: String, environment: [String: String] = [:]) throws -> Process {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/unshare")
        process.arguments = ["--mount", "--propagation", "private", "/bin/sh", "-ec", script]
        process.environment = environment.merging(["PATH": "/usr/bin:/bin:/usr/sbin:/sbin"]) { $1 }
        process.standardError = FileHandle.nullDevice
        try process.run()
        return process
    }
}
