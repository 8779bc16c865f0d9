import Clocks
import Dispatch
import JobStore
import Synchronization

/// That this broker, and no other, has the store: an epoch of its own, and a time until which it has said that it lives, by
/// the database's clock. It says so again three times before that time comes.
///
/// Another broker takes the store over when the time has passed. That alone would not keep this one, which may only have been
/// stopped for a while, from writing; its epoch does, which each of its commits compares (`Fence`). The time here, by this
/// machine's clock and counted from before it was extended, is for what writes nothing: a broker that does not know whether
/// it is still the one must not go on to talk as if it were.
final class Tenure: Sendable {
    let epoch: Int64
    private let milliseconds: Int
    private let name: String
    private let state: Mutex<State>
    private let thread = DispatchQueue(label: "dragoman.tenure")
    /// Sees the end though the other one waits for the database.
    private let clock = DispatchQueue(label: "dragoman.tenure-clock")
    private let connection: Mutex<Connection?>
    private let open: @Sendable () throws(StoreError) -> Connection

    private struct State {
        /// Of the monotonic clock, in nanoseconds.
        var validUntil: UInt64
        var problem: StoreError?
        /// Why it was not extended the last time.
        var reason = ""
        var isStopped = false
        var isOver = false
        /// Called when it is over.
        var report: (@Sendable (StoreError) -> Void)?
    }

    /// - Parameters:
    ///   - begun: When the time began to run, at the latest.
    ///   - connection: For the first extension.
    ///   - name: The store's, for messages.
    init(
        epoch: Int64, begun: UInt64, milliseconds: Int, on connection: sending Connection, name: String,
        open: @escaping @Sendable () throws(StoreError) -> Connection
    ) {
        self.epoch = epoch
        self.milliseconds = milliseconds
        self.name = name
        self.open = open
        state = Mutex(State(validUntil: begun + UInt64(milliseconds) * 1_000_000))
        self.connection = Mutex(connection)
        plan()
        watch()
    }

    /// Has a function called, once, when it is over. It is for who must act then, without having asked.
    func whenOver(_ report: @escaping @Sendable (StoreError) -> Void) {
        let problem = state.withLock { state in
            state.report = report
            return state.isOver ? state.problem : nil
        }
        if let problem { report(problem) }
    }

    /// Why it was not extended the last time; nil: it was.
    var reason: String? { state.withLock { $0.reason.isEmpty ? nil : $0.reason } }

    /// - Throws: `.superseded` when it is over, or may be.
    func check() throws(StoreError) {
        let problem = state.withLock { state -> StoreError? in
            if let problem = state.problem { return problem }
            guard SystemClock.monotonic >= state.validUntil else { return nil }
            state.problem = StoreError(
                .superseded,
                "this broker could not say for \(milliseconds) ms that it lives, and another may have taken over the job "
                    + "store \(name)\(state.reason.isEmpty ? "" : ": \(state.reason)")")
            return state.problem
        }
        if let problem { throw problem }
    }

    /// It is over: a commit has found another epoch.
    func end(_ problem: StoreError) { state.withLock { $0.problem = $0.problem ?? problem } }

    /// Extends it no more. Not to be called from its own thread.
    func stop() {
        state.withLock { $0.isStopped = true }
        thread.sync { connection.withLock { $0 = nil } }
    }

    private func plan() {
        thread.asyncAfter(deadline: .now() + .milliseconds(max(milliseconds / 4, 1))) { [weak self] in
            guard let self, !state.withLock(\.isStopped) else { return }
            extend()
            plan()
        }
    }

    private func watch() {
        let step = DispatchTimeInterval.milliseconds(max(milliseconds / 20, 1))
        clock.asyncAfter(deadline: .now() + step) { [weak self] in
            guard let self, !state.withLock(\.isStopped) else { return }
            do throws(StoreError) {
                try check()
                watch()
            } catch {
                let report = state.withLock { state in
                    state.isOver = true
                    return state.report
                }
                report?(error)
            }
        }
    }

    private func extend() {
        let begun = SystemClock.monotonic
        do throws(StoreError) {
            try check()
            guard try isExtended() else { return end(.superseded(store: name)) }
            state.withLock {
                $0.validUntil = begun + UInt64(milliseconds) * 1_000_000
                $0.reason = ""
            }
        } catch {
            state.withLock { $0.reason = error.message }
        }
    }

    /// - Returns: Whether the epoch is still the store's.
    private func isExtended() throws(StoreError) -> Bool {
        try connection.withLock { connection throws(StoreError) in
            if connection == nil { connection = try open() }
            let session = connection!
            do throws(Connection.Failure) {
                // Durable as every commit: a primary that was cut off from its standby, which has another owner by now, does
                // not extend it.
                let answer = try session.run(
                    """
                    UPDATE tenure SET expires_at = clock_timestamp() + $2::bigint * interval '1 millisecond'
                    WHERE epoch = $1::bigint
                    """, .integer(epoch), .integer(Int64(milliseconds)))
                if let warning = session.warning {
                    throw Connection.Failure.unfit(.notReplicated(warning, store: name))
                }
                return answer.changed == 1
            } catch {
                if session.isLost { connection = nil }
                throw StoreError(error, store: name)
            }
        }
    }
}

extension StoreError {
    static func superseded(store: String) -> StoreError {
        StoreError(.superseded, "another broker has taken over the job store \(store)")
    }
}

/// What a commit begins with: nothing is written for a broker that has been replaced. The row stays locked until the
/// transaction ends, so that who takes the store over waits for it, and then knows what it came to.
enum Fence {
    static func statements(_ epoch: Int64) -> [Statement] {
        [
            Statement("BEGIN"),
            Statement("SELECT 1 FROM store WHERE epoch = $1::bigint FOR SHARE", .integer(epoch)),
        ]
    }

    /// - Parameter answers: Of `statements`.
    static func isPassed(_ answers: [Answer]) -> Bool { answers[1].rows.count == 1 }
}
