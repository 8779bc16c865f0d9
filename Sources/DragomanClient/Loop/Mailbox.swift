import Synchronization
import ZeroMQ

/// Commands from any thread to one that waits in a poller.
final class Mailbox: Sendable {
    let wakeUp: WakeUp
    private let commands = Mutex<[Command]>([])

    init() throws(ZeroMQError) { wakeUp = try WakeUp() }

    func post(_ command: Command) {
        let wasEmpty = commands.withLock { commands in
            defer { commands.append(command) }
            return commands.isEmpty
        }
        if wasEmpty { wakeUp.signal() }
    }

    func takeAll() -> [Command] {
        commands.withLock { commands in
            defer { commands.removeAll() }
            return commands
        }
    }
}
