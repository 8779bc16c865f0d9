internal import Synchronization

/// What other threads have for one that waits in a `Poller`, and the signal that wakes it.
package final class Inbox<Message: Sendable>: Sendable {
    package let wakeUp: WakeUp
    private let messages = Mutex<[Message]>([])

    package init() throws(ZeroMQError) { wakeUp = try WakeUp() }

    package func post(_ message: Message) {
        let isFirst = messages.withLock { messages in
            messages.append(message)
            return messages.count == 1
        }
        // Whoever takes the first takes the others with it.
        if isFirst { wakeUp.signal() }
    }

    /// All there are, in order.
    package func take() -> [Message] {
        messages.withLock { messages in
            defer { messages = [] }
            return messages
        }
    }
}
