import Foundation
package import JobModel
import Synchronization
import TestKit
import Wire
import ZeroMQ

/// A ROUTER on a path of its own that answers as a test says, on a thread of its own.
package final class ScriptedBroker: Sendable {
    /// Answers to one message; the number counts messages from 0.
    package typealias Script = @Sendable (Envelope, Int) -> [Envelope]

    package let endpoint: String
    private let stopped = Mutex(false)
    private let wakeUp: WakeUp
    private let ended = DispatchSemaphore(value: 0)

    /// - Parameter endpoint: `ipc://` and a path; it is there when this returns.
    package init(at endpoint: String, _ script: @escaping Script) throws {
        self.endpoint = endpoint
        let wakeUp = try WakeUp()
        self.wakeUp = wakeUp
        let bound = DispatchSemaphore(value: 0)
        Thread.detachNewThread { [self] in
            do {
                // The context ends with the socket, and only then is the endpoint free.
                let socket = try Socket(.router, in: Context())
                try socket.bind(endpoint)
                bound.signal()
                try serve(socket, script)
            } catch {
                // A message of a precondition is not in a release build.
                FileHandle.standardError.write(Data("a scripted broker at \(endpoint): \(error)\n".utf8))
                preconditionFailure("a scripted broker cannot go on")
            }
            ended.signal()
        }
        bound.wait()
    }

    /// Ends it and its connections, as a broker that is killed.
    package func stop() {
        stopped.withLock { $0 = true }
        wakeUp.signal()
        ended.wait()
    }

    private func serve(_ socket: borrowing Socket, _ script: Script) throws {
        var poller = Poller()
        _ = poller.add(wakeUp)
        let slot = poller.add(socket)
        var decoder = try EnvelopeDecoder(frameSizeLimit: 4 << 20)
        var count = 0
        while !stopped.withLock(\.self) {
            try poller.wait(until: nil)
            guard poller.readiness(of: slot).contains(.readable) else { continue }
            while case .message(let message) = try socket.receiveFromPeer() {
                let request = try decoder.decode(message.body.bytes)
                for answer in script(request, count) {
                    _ = try socket.send(answer.encoded(), to: message.returnAddress)
                }
                count += 1
            }
        }
    }
}

extension Envelope {
    /// The answer to this request.
    package func answer(_ body: Body) -> Envelope { Envelope(body, correlation: correlation) }
}
