import JobModel
import Wire
import ZeroMQ

/// A DEALER to one address, and what becomes of its attempts to connect. Belongs to the loop's thread.
final class WorkerSocket {
    let endpoint: String
    let slot: Poller.Slot
    let reportSlot: Poller.Slot
    // Before the socket, so that it ends before it.
    private let monitor: ConnectionMonitor
    private let socket: Socket

    init(
        to endpoint: String, options: SocketOptions, context: Context, poller: inout Poller
    ) throws(ZeroMQError) {
        let socket = try Socket(.dealer, in: context, options: options)
        let monitor = try ConnectionMonitor(of: socket, context: context, tellsUnreachable: true)
        try socket.connect(endpoint)
        slot = poller.add(socket)
        reportSlot = poller.add(monitor.reports)
        self.endpoint = endpoint
        self.monitor = monitor
        self.socket = socket
    }

    /// What has become of an attempt to connect; nil when there is no news.
    func nextReport() throws(ZeroMQError) -> ConnectionMonitor.Report? { try monitor.nextReport() }

    /// Sends it if that is possible at once.
    func send(_ frame: [UInt8]) throws(ZeroMQError) { _ = try socket.send(frame) }

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
