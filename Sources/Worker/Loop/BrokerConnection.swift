import Addresses
import JobModel
import Wire
import ZeroMQ

/// A worker's way to one broker: at which of its addresses it is, the socket there, and the session. Belongs to the loop's
/// thread.
final class BrokerConnection {
    var session: WorkerSession
    private(set) var ring: AddressRing
    var complaints = Complaints<ConnectionProblem>()
    private(set) var socket: WorkerSocket?
    /// By address.
    private var diagnoses: [String: ConnectionDiagnosis] = [:]
    /// Of this socket.
    private var attempts = KeyAttempts()
    private var frame: [UInt8] = []
    private let context: Context
    private let options: SocketOptions

    init(
        _ broker: BrokerAddresses, session: WorkerSession, seed: UInt64, options: SocketOptions, context: Context
    ) {
        ring = AddressRing(broker, seed: seed, givesUpWhenDenied: false)
        self.session = session
        self.context = context
        self.options = options
    }

    /// Where the broker is; of several addresses, the one that was connected to last.
    var endpoint: String { ring.address }

    /// - Returns: What the sockets do not need to know.
    func tell(
        _ event: AddressRing.Event, at now: Duration, _ poller: inout Poller
    ) throws(ZeroMQError) -> [AddressRing.Directive] {
        let directives = ring.on(event, at: now)
        for directive in directives {
            switch directive {
            case .connect(let address):
                let fresh = try WorkerSocket(to: address, options: options, context: context, poller: &poller)
                close(&poller)
                socket = fresh
                attempts = KeyAttempts()
            case .disconnect: close(&poller)
            case .connected, .moved, .lookUp, .unanswered, .denied: break
            }
        }
        return directives
    }

    private func close(_ poller: inout Poller) {
        guard let socket else { return }
        poller.remove(socket.slot)
        poller.remove(socket.reportSlot)
        self.socket = nil
    }

    /// What is wrong with the connection, or nil, and what the ring is to know of it; nil: there is no news.
    func nextReport() throws(ZeroMQError) -> (problem: ConnectionProblem?, event: AddressRing.Event?)? {
        guard let socket, let report = try socket.nextReport() else { return nil }
        let usesKeys = options.security.usesKeys
        let problem = diagnoses[socket.endpoint, default: ConnectionDiagnosis(usesKeys: usesKeys)].problem(in: report)
        if let problem, problem.isDenial {
            return (problem, isLost(after: .denied) ? .failed(isDenied: true) : nil)
        }
        switch report.kind {
        case .admitted: return (problem, .admitted)
        case .unreachable: return (problem, isLost(after: .unreachable) ? .failed(isDenied: false) : nil)
        default: return (problem, nil)
        }
    }

    private func isLost(after failure: KeyAttempts.Failure) -> Bool {
        attempts.isLost(
            after: failure, keys: max(options.security.serverKeyCount, 1), isConnected: ring.isConnected)
    }

    /// - Returns: The bytes that are too many; 0 when it was sent, or could not be for now.
    func send(_ envelope: Envelope) throws(ZeroMQError) -> Int {
        envelope.encode(into: &frame)
        guard frame.count <= options.frameBytesMaximum else { return frame.count - options.frameBytesMaximum }
        // The session says again what must not be lost.
        try socket?.send(frame)
        return 0
    }
}
