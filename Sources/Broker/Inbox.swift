import Synchronization
import ZeroMQ

/// What other threads have for the loop, and the signal that wakes it.
final class Inbox<Message: Sendable>: Sendable {
    let wakeUp: WakeUp
    private let messages = Mutex<[Message]>([])

    init() throws(ZeroMQError) {
        wakeUp = try WakeUp()
    }

    func post(_ message: Message) {
        let isFirst = messages.withLock { messages in
            messages.append(message)
            return messages.count == 1
        }
        if isFirst { wakeUp.signal() }
    }

    func take() -> [Message] {
        messages.withLock { messages in
            defer { messages.removeAll() }
            return messages
        }
    }
}
