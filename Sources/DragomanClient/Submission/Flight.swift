import JobModel

/// A request that was sent, and not answered yet.
struct Flight: Sendable {
    var call: CallID
    /// Which of the submission's jobs; of a question: none.
    var indices: [Int]
    var broker: Int
    /// When it was first sent to this broker.
    var began: Duration
    var sentAt = Duration.zero
    /// When it is sent again.
    var due = Duration.zero
    /// How often it was sent to this broker.
    var attempts = 0
    /// The broker may have accepted the jobs before, and until then only it is asked.
    var boundUntil: Duration?

    init(call: CallID, indices: [Int], broker: Int, began: Duration) {
        self.call = call
        self.indices = indices
        self.broker = broker
        self.began = began
    }

    var isSubmit: Bool { !indices.isEmpty }
}

/// Jobs of one submission that are to be sent in one frame, but not yet.
struct QueuedFrame: Sendable {
    var call: CallID
    var indices: [Int]
    /// The broker that may have accepted the jobs, for all it said, and until when only it is asked.
    var bound: (broker: Int, until: Duration)?
}

/// Any request but SUBMIT.
struct Question: Sendable {
    var body: Envelope.Body
    var broker: Int
    var began: Duration
    var deadline: Duration?
}

/// What is known of a broker.
struct BrokerLink: Sendable {
    /// Whether it has answered, and not been silent since.
    var answers: Bool
    var heardAt: Duration?
    /// Why it does not let this client in, when it was asked last.
    var denial: ClientError?
    /// It has asked for so much time before new jobs.
    var pausedUntil = Duration.zero
    var submitsInFlight = 0
    var probes = 0
    var probeDue = Duration.zero
    /// Of silence, after which a connection is made anew.
    var attemptsPerConnection = 4

    init(answers: Bool) { self.answers = answers }
}
