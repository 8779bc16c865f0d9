import Foundation
import Glibc
import TestKit

/// A process of the built `dragoman`, and what it says.
final class Daemon {
    struct NeverHappened: Error, CustomStringConvertible {
        let description: String
    }

    private let process: DaemonProcess

    /// - Parameter folder: Where its log goes.
    init(_ arguments: [String], environment: [String: String] = [:], in folder: URL) throws {
        process = try DaemonProcess(
            try BuiltProgram.path("dragoman"), arguments, environment: environment,
            log: folder.appending(path: "log.\(UUID().uuidString)"))
    }

    /// Runs a script, in which `dragoman` is the built program.
    init(shell script: String, environment: [String: String], in folder: URL) throws {
        let path = URL(filePath: try BuiltProgram.path("dragoman")).deletingLastPathComponent().path
        process = try DaemonProcess(
            "/bin/bash", ["-c", script],
            environment: environment.merging(["PATH": "\(path):/usr/bin:/bin"]) { $1 },
            log: folder.appending(path: "log.\(UUID().uuidString)"))
    }

    var log: String { (try? String(contentsOf: process.log, encoding: .utf8)) ?? "" }

    var isRunning: Bool { !process.hasEnded }

    func signal(_ signal: Int32) { process.send(signal) }

    /// What it has used of processors, by itself and in the kernel (proc_pid_stat(5)).
    func processorTime() throws -> Duration {
        let handle = try FileHandle(forReadingFrom: URL(filePath: "/proc/\(process.identifier)/stat"))
        let text = String(decoding: try handle.readToEnd() ?? Data(), as: UTF8.self)
        // After the name, which may hold anything: the state is field 3, user and system time are 14 and 15.
        let fields = text[(text.lastIndex(of: ")") ?? text.startIndex)...].split(separator: " ").dropFirst()
        let ticks = fields.dropFirst(11).prefix(2).compactMap { Int($0) }.reduce(0, +)
        return .seconds(1) * ticks / Int(sysconf(Int32(_SC_CLK_TCK)))
    }

    func residentMemory() throws -> (now: Int, peak: Int) { try ResidentMemory.ofProcess(process.identifier) }

    /// - Returns: As a shell shows it: the status, or 128 and the signal.
    func waitForExit() async -> Int32 {
        switch await process.end() {
        case .status(let status): status
        case .signal(let signal): 128 + signal
        }
    }

    /// Kills it, and waits until it is gone.
    func kill() async {
        signal(SIGKILL)
        _ = await waitForExit()
    }

    /// Waits until it has said something.
    func waitForLog(_ text: String) throws {
        let deadline = ContinuousClock.now + Peer.patience
        while true {
            let hasEnded = process.hasEnded
            if log.contains(text) { return }
            if hasEnded || ContinuousClock.now > deadline {
                throw NeverHappened(
                    description: "\"\(text)\" is not logged\(hasEnded ? ", and it has ended" : ""):\n\(log)")
            }
            usleep(2000)
        }
    }
}

extension BuiltProgram {
    /// Whether its tests run: when it is there, and in continuous integration even when not, where they then fail.
    static var isExpected: Bool {
        (try? path("dragoman")) != nil || ProcessInfo.processInfo.environment["CI"].map { !$0.isEmpty } == true
    }
}
