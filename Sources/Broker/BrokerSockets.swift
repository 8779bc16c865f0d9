import Dispatching
import SettingValues
import ZeroMQ

/// The broker's four sockets. They belong to the thread that made them, or adopted them.
struct BrokerSockets: ~Copyable {
    let jobs: Socket
    let work: Socket
    let results: Socket
    let feed: Socket
    /// The way to each, as a gate sees it.
    let entries: [Gate.Entry]

    /// The places of the sockets among the gate's entries.
    static func entry(_ socket: Peer.Socket) -> Int {
        switch socket {
        case .jobs: 0
        case .work: 1
        case .results: 2
        }
    }

    static let feedEntry = 3

    /// Messages that wait for one peer. Consumers' and workers' windows bound them by bytes; these counts are the last
    /// resort.
    private static let repliesMaximum = 1024
    private static let assignmentsMaximum = 1 << 16
    private static let recordsMaximum = 1 << 14
    /// Messages of one peer that wait to be read: each may be as large as a frame, and peers are many. Who asks waits for
    /// answers, so a peer has few on the way.
    private static let requestsMaximum = 16

    init(_ configuration: BrokerConfiguration, context: Context, authenticator: Authenticator?) throws(ZeroMQError) {
        func socket(
            _ kind: Socket.Kind, domain: AccessDomain, frameBytes: Int, queue: Int
        ) throws(ZeroMQError) -> Socket {
            var options = SocketOptions()
            options.frameBytesMaximum = frameBytes
            options.sendQueueMaximum = queue
            // For the last answers: a worker that is not told SETTLED waits for the next broker.
            options.linger = .seconds(1)
            options.admitsOnlyThisProcess = true
            // Each tenant sees only its own: see FeedTopic.
            options.grantsSubscriptions = kind == .xpub
            // Workers are few and trusted, and have many results on the way.
            if domain != .worker { options.receiveQueueMaximum = Self.requestsMaximum }
            if let access = configuration.access, let authenticator {
                options.security = .curveServer(access.keys, domain: domain, authenticator: authenticator)
            }
            return try Socket(kind, in: context, options: options)
        }
        let client = configuration.dispatch.broker.clientFrameBytesMax
        let endpoints = configuration.endpoints
        // Locals first: a `deinit` does not run for what a throwing `init` left half made.
        let jobs = try socket(.router, domain: .producer, frameBytes: client, queue: Self.repliesMaximum)
        let work = try socket(
            .router, domain: .worker, frameBytes: configuration.dispatch.broker.workerFrameBytesMax,
            queue: Self.assignmentsMaximum)
        let results = try socket(.router, domain: .consumer, frameBytes: client, queue: Self.recordsMaximum)
        let feed = try socket(
            .xpub, domain: .observer, frameBytes: FeedTopic.frameBytesMaximum, queue: Self.repliesMaximum)
        let worker = configuration.dispatch.broker.workerFrameBytesMax
        let entries = [
            Gate.Entry(name: "jobs", endpoint: endpoints.jobs, target: GateTarget(), frameBytesMaximum: client),
            Gate.Entry(name: "work", endpoint: endpoints.work, target: GateTarget(), frameBytesMaximum: worker),
            Gate.Entry(name: "results", endpoint: endpoints.results, target: GateTarget(), frameBytesMaximum: client),
            Gate.Entry(
                name: "feed", endpoint: endpoints.feed, target: GateTarget(),
                frameBytesMaximum: FeedTopic.frameBytesMaximum),
        ]
        try jobs.bind(entries[0].target)
        try work.bind(entries[1].target)
        try results.bind(entries[2].target)
        try feed.bind(entries[3].target)
        if configuration.isEmbedded { try work.bind(BrokerConfiguration.embeddedWorkEndpoint) }
        self.entries = entries
        self.jobs = jobs
        self.work = work
        self.results = results
        self.feed = feed
    }

    func adopt() {
        jobs.adopt()
        work.adopt()
        results.adopt()
        feed.adopt()
    }

    borrowing func send(_ body: [UInt8], to peer: Peer) throws(ZeroMQError) -> SendOutcome {
        let address = ReturnAddress(routingID: RoutingID(bytes: peer.routingID), isDelimited: peer.isDelimited)
        return switch peer.socket {
        case .jobs: try jobs.send(body, to: address)
        case .work: try work.send(body, to: address)
        case .results: try results.send(body, to: address)
        }
    }

    borrowing func receive(from socket: Peer.Socket) throws(ZeroMQError) -> Receipt<RouterMessage> {
        switch socket {
        case .jobs: try jobs.receiveFromPeer()
        case .work: try work.receiveFromPeer()
        case .results: try results.receiveFromPeer()
        }
    }
}
