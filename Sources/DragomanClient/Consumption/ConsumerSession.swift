package import JobModel

/// A consumer's side of a `results` socket as a pure state machine: events in, directives out.
///
///     detached ── ATTACH sent, again and again ──▶ attached ──▶ leaving ──▶ closed
///        ▲                                           │ silence, UNKNOWN_PEER, another epoch, a gap, a stalled log
///        └───────────────────────────────────────────┘
///     detached ──▶ leaving: something is to be acknowledged, once the broker has said ATTACHED
///     any ──▶ closed: REPLACED, FORBIDDEN, a key that is not let in, a log that is not what it was
///
/// Records are delivered once and in order, whatever the network does: what comes again is dropped, and what is missing
/// is asked for by attaching anew. What was delivered but not acknowledged when the process ended comes again to the next
/// session of the same name. How many records are delivered and unacknowledged is bounded: by twice the window, and
/// by the window as long as the broker is not lost.
package struct ConsumerSession: Sendable {
    package struct Settings: Sendable, Hashable {
        /// The broker's, in messages.
        package var endpoint: String
        package var consumer: String
        /// nil: after what the consumer has acknowledged.
        package var from: UInt64?
        /// Which history the consumer's place, or `from`, is of; nil: it does not know.
        package var logID: LogID?
        package var window = ResultCredit(records: 1024, bytes: 16 << 20)
        /// Whether acknowledgements reach the broker. If not, the consumer's place in the log stays where it is.
        package var movesCursor = true
        /// How long nobody may answer; nil: for ever.
        package var patience: Duration?
        package var answerTimeout = Duration.seconds(2)
        package var waitMaximum = Duration.seconds(30)

        package init(endpoint: String, consumer: String) {
            self.endpoint = endpoint
            self.consumer = consumer
        }
    }

    package enum Event: Sendable {
        case start
        case received(Envelope)
        /// The broker does not let this client in.
        case denied(ClientError)
        /// Of a broker with several addresses: there is a new connection, and the broker there does not know this
        /// consumer.
        case connected
        /// Everything up to here has been dealt with.
        case acknowledge(upTo: UInt64)
        /// The last acknowledgement is to be brought home, and the session to end.
        case leave
        case tick
    }

    package enum Directive: Sendable, Hashable {
        case send(Envelope.Body)
        /// Silence may be the socket's: one whose key was refused does not connect again. Of a broker with several
        /// addresses: the next one is to be tried.
        case reconnect
        case deliver(Record)
        /// Records that are kept no more, and will not be delivered.
        case dropped(ClosedRange<UInt64>)
        /// The broker knows the consumer: the first record that will come, and the newest that is there.
        case attached(next: UInt64, last: UInt64, logID: LogID? = nil)
        /// The log goes so far now.
        case reached(lastSequence: UInt64)
        /// nil: all is well.
        case close(ClientError?)
    }

    enum State: Sendable, Hashable {
        /// Not known to the broker; ATTACH has been sent `attempts` times, and is sent (again) when it is due.
        case detached(attempts: Int, due: Duration)
        case attached(epoch: UInt64)
        /// Waits for the last ACKED, and before that for ATTACHED where the broker may have forgotten this consumer.
        case leaving(until: Duration)
        case closed
    }

    var settings: Settings
    var state = State.detached(attempts: 0, due: .zero)
    /// The next record's number; nil: the broker will say.
    var next: UInt64?
    var acknowledged: UInt64 = 0
    /// What the broker has confirmed.
    var confirmed: UInt64 = 0
    /// The newest record that is known to be there.
    var last: UInt64 = 0
    /// Records that were delivered and not acknowledged, with their sizes, the oldest first.
    var outstanding = OutstandingRecords()
    /// Records, and bytes of them, since the last ATTACH.
    var sinceAttach = ResultCredit(records: 0, bytes: 0)
    var heartbeat = Duration.seconds(1)
    var heardAt: Duration
    var progressAt: Duration
    /// Whether a silent broker has been asked whether it is there.
    var isProbing = false
    /// How often the log had a gap at `next`.
    var gaps = 0
    /// Which history the records that were delivered are of.
    var logID: LogID?
    /// How often in a row the log was said to end before what was read from it.
    var shortLogs = 0
    /// Of silence, after which a connection is made anew.
    var attemptsPerConnection = 4
    /// Whether there may be another address to be tried.
    var isMovable: Bool { attemptsPerConnection == 1 }
    var backoff: Backoff
    var now = Duration.zero
    var directives: [Directive] = []

    package init(settings: Settings, seed: UInt64, at now: Duration) {
        self.settings = settings
        logID = settings.logID
        backoff = Backoff(base: settings.answerTimeout, maximum: settings.waitMaximum, seed: seed)
        heardAt = now
        progressAt = now
        state = .detached(attempts: 0, due: now)
    }

    package mutating func on(_ event: Event, at now: Duration) -> [Directive] {
        self.now = now
        defer { directives.removeAll() }
        if state == .closed { return [] }
        switch event {
        case .start, .tick: break
        case .received(let envelope):
            heardAt = now
            isProbing = false
            take(envelope.body)
        case .denied(let error): close(error)
        case .connected: connect()
        case .acknowledge(let sequence): acknowledge(upTo: sequence)
        case .leave: leave()
        }
        keepGoing()
        return directives
    }

    /// What the broker is called in messages, from now on.
    package mutating func rename(_ name: String) { settings.endpoint = name }

    /// When the next `.tick` is due; nil: it waits for an acknowledgement, or is closed.
    package var nextDeadline: Duration? {
        switch state {
        case .detached(_, let due): [isFull ? nil : due, patienceEnd].compactMap(\.self).min()
        case .attached:
            [heardAt + (isProbing ? silence * 2 : silence), isStalled ? progressAt + silence : nil]
                .compactMap(\.self).min()
        case .leaving(let until): until
        case .closed: nil
        }
    }

    /// What the consumer is far behind with: no more records are asked for until it has acknowledged some.
    var isFull: Bool { outstanding.count >= Int(settings.window.records) }

    var patienceEnd: Duration? { settings.patience.map { heardAt + $0 } }

    /// After so much of it, the broker is asked whether it knows this consumer; after twice as much, it is lost.
    var silence: Duration { heartbeat * 2 }

    /// Whether there are records that the window has room for.
    var isStalled: Bool {
        last >= (next ?? .max) && !isFull && outstanding.bytes < Int(clamping: settings.window.bytes / 2)
    }

    /// What was delivered has a place in the caller's hands, so it goes on after that.
    var attachment: Envelope.Body { .attach(consumer: settings.consumer, fromSequence: next ?? settings.from) }
}
