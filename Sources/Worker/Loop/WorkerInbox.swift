import Synchronization
import ZeroMQ

/// What other threads say to the worker's.
final class WorkerInbox: Sendable {
    enum Message: Sendable {
        /// nil: it was cancelled.
        case ended(ChunkTask, ChunkOutcome?)
        case drain
        case stop
        case reload(WorkerConfiguration)
    }

    let wakeUp: WakeUp
    private let messages = Mutex<[Message]>([])

    init() throws(ZeroMQError) { wakeUp = try WakeUp() }

    func post(_ message: Message) {
        messages.withLock { $0.append(message) }
        wakeUp.signal()
    }

    /// All there are, in order.
    func take() -> [Message] {
        messages.withLock { messages in
            defer { messages = [] }
            return messages
        }
    }
}
