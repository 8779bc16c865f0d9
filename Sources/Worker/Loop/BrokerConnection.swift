import JobModel
import Wire
import ZeroMQ

/// A worker's socket to one broker, and its session there. Belongs to the loop's thread.
final class BrokerConnection {
    let endpoint: String
    var session: WorkerSession
    private(set) var slot: Poller.Slot
    private(set) var reportSlot: Poller.Slot
    var complaints = Complaints<ConnectionProblem>()
    private var diagnosis: ConnectionDiagnosis
    // Before the socket, so that it ends before it.
    private var monitor: ConnectionMonitor
    private var socket: Socket
    private var frame: [UInt8] = []
    private let context: Context
    private let options: SocketOptions

    init(
        _ endpoint: String, session: WorkerSession, options: SocketOptions, context: Context, poller: inout Poller
    ) throws(ZeroMQError) {
        self.endpoint = endpoint
        self.session = session
        self.context = context
        self.options = options
        diagnosis = ConnectionDiagnosis(usesKeys: options.security.usesKeys)
        let socket = try Socket(.dealer, in: context, options: options)
        monitor = try ConnectionMonitor(of: socket, context: context, tellsUnreachable: true)
        try socket.connect(endpoint)
        self.socket = socket
        slot = poller.add(self.socket)
        reportSlot = poller.add(monitor.reports)
    }

    /// Gives the connection up and begins another.
    func reconnect(_ poller: inout Poller) throws(ZeroMQError) {
        let fresh = try Socket(.dealer, in: context, options: options)
        let reports = try ConnectionMonitor(of: fresh, context: context, tellsUnreachable: true)
        try fresh.connect(endpoint)
        poller.remove(slot)
        poller.remove(reportSlot)
        monitor = reports
        socket = fresh
        slot = poller.add(socket)
        reportSlot = poller.add(monitor.reports)
    }

    /// What is wrong with the connection, as far as there is news; nil: nothing, or nothing new.
    func nextProblem() throws(ZeroMQError) -> ConnectionProblem? {
        var problem: ConnectionProblem?
        while let report = try monitor.nextReport() { problem = diagnosis.problem(in: report) ?? problem }
        return problem
    }

    /// - Returns: The bytes that are too many; 0 when it was sent, or could not be for now.
    func send(_ envelope: Envelope) throws(ZeroMQError) -> Int {
        envelope.encode(into: &frame)
        guard frame.count <= options.frameBytesMaximum else { return frame.count - options.frameBytesMaximum }
        // The session says again what must not be lost.
        _ = try socket.send(frame)
        return 0
    }

    /// The next message; nil when there is none.
    func receive(_ decoder: inout EnvelopeDecoder) throws(ZeroMQError) -> Result<Envelope, Fault>? {
        switch try socket.receive() {
        case .wouldBlock: return nil
        case .malformed(let message):
            return .failure(Fault(.malformed, "a message of \(message.frameCount) frames came; one was expected"))
        case .message(let message):
            do throws(WireError) {
                return .success(try decoder.decode(message.bytes))
            } catch {
                return .failure(error.fault)
            }
        }
    }
}
