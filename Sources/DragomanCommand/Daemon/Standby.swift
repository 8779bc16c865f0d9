import Dispatch
import Foundation
import JobStore
import PostgresJobStore
import Synchronization

/// Waits until this broker has the store that it shares with others. Until then it listens nowhere: who looks for a broker is
/// refused, and goes on to the one that serves.
final class Standby: Sendable {
    enum Event: Sendable {
        /// Another broker has the store.
        case standingBy(owner: String)
        /// It cannot be reached, for a reason that may pass.
        case waiting(StoreError)
        /// It is to be taken.
        case acquired
        /// It cannot be used.
        case failed(StoreError)
    }

    /// How often it is looked.
    private static let pauseMilliseconds = 300

    private struct State {
        var isStopped = false
        var reason = "looking for the job store"
        /// Acquired, and not yet fetched.
        var store: PostgresJobStore?
    }

    private let state = Mutex(State())
    /// Entered as long as the thread runs.
    private let running = DispatchGroup()
    /// How long an attempt that is under way is waited for at the end.
    private static let farewell = DispatchTimeInterval.seconds(5)

    /// Why this broker does not serve.
    var reason: String { state.withLock(\.reason) }

    /// - Parameters:
    ///   - post: Called on a thread of its own; of what stays as it is, once.
    ///   - onTurn: Called at each look.
    func start(
        _ settings: PostgresJobStore.Settings, post: @escaping @Sendable (Event) -> Void,
        onTurn: @escaping @Sendable () -> Void
    ) {
        running.enter()
        Thread.detachNewThread { [self] in
            defer { running.leave() }
            let store: PostgresJobStore
            do throws(StoreError) {
                store = try PostgresJobStore(settings)
            } catch {
                return post(.failed(error))
            }
            var said = ""
            while !state.withLock(\.isStopped) {
                let event = Self.look(at: store)
                switch event {
                case .standingBy(let owner): note("standing by: \(owner) has the job store")
                case .waiting(let error): note("waiting for the job store: \(error)")
                case .acquired:
                    state.withLock { $0.store = store }
                    return post(event)
                case .failed: return post(event)
                }
                let reason = reason
                if reason != said { post(event) }
                said = reason
                onTurn()
                usleep(UInt32(Self.pauseMilliseconds) * 1000)
            }
            store.abandon()
        }
    }

    private func note(_ reason: String) { state.withLock { $0.reason = reason } }

    /// The store, once it was acquired.
    func takeStore() -> PostgresJobStore? {
        state.withLock { state in
            defer { state.store = nil }
            return state.store
        }
    }

    /// Looks no more. A store that was acquired, and has not been taken, is given back.
    func stop() {
        state.withLock { $0.isStopped = true }
        _ = running.wait(timeout: .now() + Self.farewell)
        try? takeStore()?.close()
    }

    private static func look(at store: PostgresJobStore) -> Event {
        do throws(StoreError) {
            switch try store.acquire() {
            case .acquired: return .acquired
            case .taken(let owner): return .standingBy(owner: owner)
            }
        } catch {
            // What someone must mend is told from what passes.
            switch error.code {
            case .incompatible, .notDurable, .damaged, .corrupt: return .failed(error)
            default: return .waiting(error)
            }
        }
    }
}
