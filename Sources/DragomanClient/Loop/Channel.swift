import JobModel
import Wire
import ZeroMQ

/// A DEALER to one endpoint, and what waits for its connection. It belongs to the client's thread.
final class Channel {
    let endpoint: String
    let slot: Poller.Slot
    /// Of what becomes of attempts to connect.
    let reportSlot: Poller.Slot
    // Before the socket, so that it ends before it.
    private let monitor: ConnectionMonitor
    private let socket: Socket
    private var outbox = Outbox()
    private var frame: [UInt8] = []

    init(
        to endpoint: String, in context: Context, security: Security, tellsUnreachable: Bool = false,
        poller: inout Poller
    ) throws(ZeroMQError) {
        var options = SocketOptions()
        options.security = security
        options.frameBytesMaximum = EnvelopeDecoder.answerBytesMaximum
        // What is left when the client goes: a DETACH, an acknowledgement.
        options.linger = .milliseconds(200)
        let socket = try Socket(.dealer, in: context, options: options)
        let monitor = try ConnectionMonitor(of: socket, context: context, tellsUnreachable: tellsUnreachable)
        try socket.connect(endpoint)
        slot = poller.add(socket)
        reportSlot = poller.add(monitor.reports)
        self.monitor = monitor
        self.socket = socket
        self.endpoint = endpoint
    }

    func send(_ envelope: Envelope, _ poller: inout Poller) throws(ZeroMQError) {
        outbox.put(envelope)
        try flush(&poller)
    }

    /// Sends what can be sent now.
    func flush(_ poller: inout Poller) throws(ZeroMQError) {
        while let envelope = outbox.first {
            envelope.encode(into: &frame)
            // Without a connection nothing is sent: what goes to nobody stays here.
            guard try socket.send(frame) == .sent else { break }
            outbox.removeFirst()
        }
        poller.watch(slot, for: outbox.first == nil ? .readable : [.readable, .writable])
    }

    /// What has become of an attempt to connect; nil when there is no news.
    func nextReport() throws(ZeroMQError) -> ConnectionMonitor.Report? { try monitor.nextReport() }

    /// The next message; what is none is a fault of the sender's, as it would have said itself.
    func receive(_ decoder: inout EnvelopeDecoder) throws(ZeroMQError) -> Envelope? {
        while true {
            switch try socket.receive() {
            case .wouldBlock: return nil
            case .malformed: continue
            case .message(let message):
                let bytes = message.bytes
                do throws(WireError) {
                    return try decoder.decode(bytes)
                } catch {
                    return error.answer
                }
            }
        }
    }
}

extension EnvelopeDecoder {
    /// A record has all outputs of its job; the broker's `limits.result_bytes_max` keeps it below this.
    static let answerBytesMaximum = 64 << 20
}
