import DragomanClient
import JobModel
import Synchronization

/// A result log, and how a broker sends it to one consumer.
final class LogScript: Sendable {
    private struct State {
        var cursor: UInt64 = 0
        var sent: UInt64 = 0
        var credit: UInt64 = 0
    }

    private let first: UInt64
    private let last: UInt64
    private let state = Mutex(State())

    init(last: UInt64, first: UInt64 = 1) {
        self.first = first
        self.last = last
    }

    var cursor: UInt64 { state.withLock(\.cursor) }

    /// - Parameter end: Records after this one are not sent.
    func answers(to request: Envelope, upTo end: UInt64 = .max) -> [Envelope] {
        state.withLock { state in
            switch request.body {
            case .attach(_, let from):
                state.sent = max(from ?? state.cursor + 1, first) - 1
                state.credit = 0
                return [.attached(next: state.sent + 1, last: last, heartbeat: 50)]
            case .resultCredit(let window):
                state.credit = UInt64(window.records)
                return records(&state, end)
            case .ack(let sequence):
                state.cursor = max(state.cursor, sequence)
                return [request.answer(.acked(upTo: state.cursor))] + records(&state, end)
            default: return []
            }
        }
    }

    private func records(_ state: inout State, _ end: UInt64) -> [Envelope] {
        var records: [Envelope] = []
        while state.sent < min(last, end), state.sent < max(state.cursor, first - 1) + state.credit {
            state.sent += 1
            records.append(.record(state.sent))
        }
        return records
    }
}
