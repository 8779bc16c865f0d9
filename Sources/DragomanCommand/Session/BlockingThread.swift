import Foundation

/// Runs work that waits in system calls on a thread of its own, for the cooperative pool has only one per core.
package func onBlockingThread<Value: Sendable>(
    named name: String, _ work: @escaping @Sendable () throws -> Value
) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
        startBlockingThread(named: name) { continuation.resume(with: Result { try work() }) }
    }
}

func startBlockingThread(named name: String, _ work: @escaping @Sendable () -> Void) {
    let thread = Thread(block: work)
    thread.name = name
    thread.start()
}
