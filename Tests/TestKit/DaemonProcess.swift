package import Foundation
import Glibc

/// A process of the built `dragoman`, killed with the object.
///
/// Its functions wait, so they are for tests that have a thread of their own.
///
/// `@unchecked Sendable`: what changes is guarded by the condition.
package final class DaemonProcess: @unchecked Sendable {
    /// What a test waits at most, however busy the machine: reaching it is a failure.
    package static let patience: TimeInterval = 120

    package struct NeverHappened: Error, CustomStringConvertible {
        package let description: String
    }

    private let process = Process()
    private let condition = NSCondition()
    private var logged = ""
    private var status: Int32?
    private var isLogEnded = false

    /// - Parameters:
    ///   - environment: Over the test's own, of which nothing that configures Dragoman is passed on.
    ///   - folder: The working directory.
    package init(_ arguments: [String], environment: [String: String] = [:], in folder: URL) throws {
        let inherited = ProcessInfo.processInfo.environment.filter {
            !$0.key.hasPrefix("DRAGOMAN_") && !["NOTIFY_SOCKET", "WATCHDOG_USEC", "JOURNAL_STREAM"].contains($0.key)
        }
        let log = Pipe()
        process.executableURL = URL(filePath: try BuiltProgram.requirePath())
        process.arguments = arguments
        process.environment = inherited.merging(environment) { $1 }
        process.currentDirectoryURL = folder
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        process.standardError = log
        process.terminationHandler = { [weak self] process in
            // As a shell shows it.
            let code = process.terminationStatus + (process.terminationReason == .exit ? 0 : 128)
            self?.change { $0.status = code }
        }
        log.fileHandleForReading.readabilityHandler = { [weak self] handle in
            let data = handle.availableData
            if data.isEmpty { handle.readabilityHandler = nil }
            self?.change { $0.isLogEnded = data.isEmpty; $0.logged += String(decoding: data, as: UTF8.self) }
        }
        try process.run()
    }

    deinit {
        Glibc.kill(process.processIdentifier, SIGKILL)
    }

    /// What it has written to standard error.
    package var log: String { condition.withLock { logged } }

    package var isRunning: Bool { process.isRunning }

    package func signal(_ signal: Int32) { Glibc.kill(process.processIdentifier, signal) }

    /// Waits for its end.
    ///
    /// - Returns: As a shell shows it: the status, or 128 and the signal.
    package func waitForExit() throws -> Int32 {
        try wait("the process does not end") { $0.isLogEnded ? $0.status : nil }
    }

    /// Waits until it has logged something.
    package func waitForLog(_ text: String) throws {
        try wait("\"\(text)\" is not logged") { $0.logged.contains(text) ? () : nil }
    }

    /// Kills it, and waits until it is gone.
    package func kill() throws {
        signal(SIGKILL)
        _ = try waitForExit()
    }

    private func change(_ body: (DaemonProcess) -> Void) {
        condition.withLock {
            body(self)
            condition.broadcast()
        }
    }

    private func wait<Value>(_ problem: String, for find: (DaemonProcess) -> Value?) throws -> Value {
        let deadline = Date(timeIntervalSinceNow: Self.patience)
        condition.lock()
        defer { condition.unlock() }
        while true {
            if let value = find(self) { return value }
            let isOver = status != nil && isLogEnded
            if isOver || !condition.wait(until: deadline) {
                throw NeverHappened(
                    description: "\(problem) (\(isOver ? "it has ended with \(status ?? 0)" : "for long")):\n\(logged)")
            }
        }
    }
}
