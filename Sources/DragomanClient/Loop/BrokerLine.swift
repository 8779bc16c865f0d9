import Addresses
import JobModel
import ZeroMQ

/// The way to one broker: at which of its addresses it is, and the channel there. Belongs to the client's thread.
final class BrokerLine {
    private(set) var ring: AddressRing
    private(set) var channel: Channel?
    /// What is to be sent as soon as there is a channel.
    private var outbox = Outbox()
    private let role: AccessDomain
    private let maker: ChannelMaker
    /// Why the broker did not let this client in.
    private var denial: ClientError?
    /// Of this channel.
    private var attempts = KeyAttempts()

    /// What has become of the line.
    struct News {
        /// There is a new connection, where there was another before, or none.
        var isConnected = false
        var denial: ClientError?
        var moves: [AddressMove] = []
        /// Names whose addresses are to be found out.
        var names: [String] = []
    }

    init(to broker: BrokerAddresses, as role: AccessDomain, _ maker: ChannelMaker) {
        ring = AddressRing(broker, seed: .random(in: .min ... .max), givesUpWhenDenied: true)
        self.role = role
        self.maker = maker
    }

    func tell(
        _ event: AddressRing.Event, at now: Duration, _ poller: inout Poller
    ) throws(ZeroMQError) -> News {
        var news = News()
        try tell(event, at: now, &poller, &news)
        return news
    }

    /// What the channel says of its attempts to connect.
    func takeReports(at now: Duration, _ poller: inout Poller) throws(ZeroMQError) -> News {
        var news = News()
        guard let channel, poller.readiness(of: channel.reportSlot).contains(.readable) else { return news }
        while self.channel === channel, news.denial == nil, let report = try channel.nextReport() {
            let problem = maker.problem(in: report, at: channel.endpoint)
            if let problem, problem.isDenial {
                denial = ClientError(.accessDenied, problem.message(at: channel.endpoint, role: role))
                if isLost(after: .denied) { try tell(.failed(isDenied: true), at: now, &poller, &news) }
            } else if report.kind == .admitted {
                try tell(.admitted, at: now, &poller, &news)
            } else if report.kind == .unreachable {
                if isLost(after: .unreachable) { try tell(.failed(isDenied: false), at: now, &poller, &news) }
            }
        }
        return news
    }

    private func isLost(after failure: KeyAttempts.Failure) -> Bool {
        attempts.isLost(after: failure, keys: maker.serverKeyCount, isConnected: ring.isConnected)
    }

    func send(_ envelope: Envelope, _ poller: inout Poller) throws(ZeroMQError) {
        // While the broker is looked for, what is sent would go to one that is not. The session sends it again then.
        guard ring.isConnected || !ring.isSeveral else { return }
        if let channel { try channel.send(envelope, &poller) } else { outbox.put(envelope) }
    }

    func close(_ poller: inout Poller) {
        guard let channel else { return }
        poller.remove(channel.slot)
        poller.remove(channel.reportSlot)
        self.channel = nil
    }

    private func tell(
        _ event: AddressRing.Event, at now: Duration, _ poller: inout Poller, _ news: inout News
    ) throws(ZeroMQError) {
        for directive in ring.on(event, at: now) {
            switch directive {
            case .connect(let address):
                close(&poller)
                attempts = KeyAttempts()
                channel = try maker.channel(
                    to: address, tellsUnreachable: ring.isSeveral || ring.hasNames, &poller)
                while let envelope = outbox.first {
                    outbox.removeFirst()
                    try send(envelope, &poller)
                }
            case .disconnect: close(&poller)
            case .connected: news.isConnected = true
            case .moved(let move): news.moves.append(move)
            case .lookUp(let names): news.names += names
            case .unanswered: break
            case .denied: news.denial = denial
            }
        }
    }
}
