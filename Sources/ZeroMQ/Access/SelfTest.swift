/// Whether access control works: libzmq's fails open when anything about it is wrong, so it is tried at every start.
package enum SelfTest {
    package struct Failure: Error, Sendable, Equatable, CustomStringConvertible {
        package enum Cause: Sendable, Equatable {
            /// A key that nobody knows was let in.
            case strangerAdmitted
            /// Nothing said no in time: not the endpoint, or no authenticator.
            case noAnswer
            case failed(ZeroMQError)
        }

        package let endpoint: String
        package let cause: Cause

        package var description: String {
            switch cause {
            case .strangerAdmitted:
                "\(endpoint): a random key was let in; access control does not work, and this must not run"
            case .noAnswer:
                "\(endpoint): a random key was neither let in nor refused; is this the server's endpoint and key?"
            case .failed(let error): "\(endpoint): access control could not be tried: \(error)"
            }
        }
    }

    /// Connects to a CURVE server as a stranger, and returns when it has been refused.
    ///
    /// - Parameters:
    ///   - stranger: Keys that no list has.
    ///   - context: The server's own, or another.
    package static func strangerIsRefused(
        at endpoint: String, server: CurvePublicKey, stranger: CurveKeyPair, context: Context,
        until deadline: ContinuousClock.Instant = .now + .seconds(10)
    ) throws(Failure) {
        let event: ConnectionMonitor.Event?
        do throws(ZeroMQError) {
            event = try outcome(at: endpoint, server: server, stranger: stranger, context: context, until: deadline)
        } catch {
            throw Failure(endpoint: endpoint, cause: .failed(error))
        }
        switch event {
        case .refused: return
        case .admitted: throw Failure(endpoint: endpoint, cause: .strangerAdmitted)
        case .failed, nil: throw Failure(endpoint: endpoint, cause: .noAnswer)
        }
    }

    private static func outcome(
        at endpoint: String, server: CurvePublicKey, stranger: CurveKeyPair, context: Context,
        until deadline: ContinuousClock.Instant
    ) throws(ZeroMQError) -> ConnectionMonitor.Event? {
        var options = SocketOptions()
        options.security = .curveClient(stranger, server: server)
        let socket = try Socket(.dealer, in: context, options: options)
        let monitor = try ConnectionMonitor(of: socket, context: context)
        try socket.connect(endpoint)
        var poller = Poller()
        _ = poller.add(monitor.reports)
        while try poller.wait(until: deadline) {
            switch try monitor.next() {
            case .admitted: return .admitted
            case .refused: return .refused
            case .failed, nil: continue
            }
        }
        return nil
    }
}
