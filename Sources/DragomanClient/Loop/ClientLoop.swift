import Addresses
import Foundation
import JobModel
import Synchronization
import ZeroMQ

/// The client's thread, as the tasks see it.
final class ClientLoop: Sendable {
    private let inbox: Inbox<Command>
    private let lastCall = Atomic<UInt64>(0)
    /// Where brokers with several addresses are.
    let board = AddressBoard()

    /// By convention there is one context a process; and libzmq can crash when two with CURVE are closed.
    private static let context = Result { () throws(ZeroMQError) in try Context() }

    init(_ settings: Client.Settings, jobs: [BrokerAddresses], _ security: Security) throws(ClientError) {
        do {
            let inbox = try Inbox<Command>()
            let context = try Self.context.get()
            let thread = Thread { [board] in
                var switchboard = Switchboard(
                    settings, brokers: jobs, board: board, context: context, security: security, inbox: inbox)
                switchboard.run()
            }
            thread.name = "dragoman client"
            thread.start()
            self.inbox = inbox
        } catch {
            throw ClientError(.connection, String(describing: error))
        }
    }

    func post(_ command: Command) { inbox.post(command) }

    func stop() { post(.stop) }

    /// Waits for the answer to a command; when the task is cancelled, no longer.
    func call<Answer: Sendable>(
        _ command: (CallID, Reply<Answer>) -> Command
    ) async throws(ClientError) -> Answer {
        let call = CallID(lastCall.add(1, ordering: .relaxed).newValue)
        return try await withTaskCancellationHandler {
            await withCheckedContinuation { reply in
                post(command(call, reply))
                // The handler below may have run before there was anything to abandon.
                if Task.isCancelled { post(.abandon(call)) }
            }
        } onCancel: {
            post(.abandon(call))
        }.get()
    }
}

extension ClientError {
    static let cancelled = ClientError(.cancelled, "nobody waits for the answer any more")
}

extension Client.Keys {
    func security() throws -> Security {
        guard !serverKeys.isEmpty else { throw ClientError(.connection, "the client has no key of the brokers") }
        return .curveClient(
            try CurveKeyPair(secretKey: CurveSecretKey(secretKey)),
            servers: try serverKeys.map { try CurvePublicKey($0) })
    }
}
