import Synchronization
import Testing

/// Gives each test a thread of its own, because it waits for sockets and processes, and Swift's own threads must not.
/// A few at a time, so that the processes of a hundred tests do not stand in each other's way.
struct OwnThread: SuiteTrait, TestTrait, TestScoping {
    let isRecursive = true

    func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
    ) async throws {
        let thread = await Threads.shared.take()
        defer { Threads.shared.giveBack(thread) }
        try await withTaskExecutorPreference(thread) { try await function() }
    }
}

extension Trait where Self == OwnThread {
    static var ownThread: OwnThread { OwnThread() }
}

/// The threads that tests run on, and the tests that wait for one.
private final class Threads: Sendable {
    static let shared = Threads()
    private static let count = 6

    private struct State {
        var free = (0..<count).map { _ in ThreadExecutor() }
        var waiting: [CheckedContinuation<ThreadExecutor, Never>] = []
    }

    private let state = Mutex(State())

    func take() async -> ThreadExecutor {
        await withCheckedContinuation { continuation in
            let thread = state.withLock { state -> ThreadExecutor? in
                if let free = state.free.popLast() { return free }
                state.waiting.append(continuation)
                return nil
            }
            if let thread { continuation.resume(returning: thread) }
        }
    }

    func giveBack(_ thread: ThreadExecutor) {
        let next = state.withLock { state -> CheckedContinuation<ThreadExecutor, Never>? in
            if !state.waiting.isEmpty { return state.waiting.removeFirst() }
            state.free.append(thread)
            return nil
        }
        next?.resume(returning: thread)
    }
}
