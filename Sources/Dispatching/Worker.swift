import JobModel

/// A place in the roster, and which of the workers that have had it.
struct WorkerRef: Sendable, Hashable {
    var slot: Int
    var generation: UInt32
}

/// A worker that has been welcomed.
struct Worker: Sendable {
    var peer: Peer
    let instance: String
    /// What tells its process from the others that have had its name; nil: it does not say.
    let incarnation: UInt64?
    /// Indices of the catalogue.
    var models: [Int]
    /// What it says of each.
    let offers: [Int: Offered]
    /// Those of which it may be given chunks, if it can load their models.
    var routes: [Int] = []
    /// Those that it is to have and cannot load.
    let unavailableModels: [UnavailableModel]
    /// Those that it has offered and could not load when it was given a chunk.
    var pauses: [Int: ModelPause] = [:]
    /// Those in its memory.
    var loadedModels: [Int] = []
    var window: UInt64
    /// Tokens, oldest first.
    var leases: [UInt64] = []
    var leasedCost: UInt64 = 0
    /// Monotonic nanoseconds.
    let welcomedAt: UInt64
    var heardAt: UInt64
    /// It has said something since its HELLO.
    var hasSpoken = false
    /// It has a suspect, and gets nothing beside it.
    var isAlone = false
    /// A suspect, or what had lapsed, was taken from it, and it has not been heard of since: it may have died of it.
    var isUncertain = false
    /// Leases in a row that came to nothing though it lived.
    var unanswered = 0
    /// How often it was given nothing for a while because of that, and until when it is not; monotonic nanoseconds.
    var pauseCount = 0
    var pausedUntil: UInt64 = 0
    /// It has said GOODBYE.
    var isLeaving = false
    /// Its connection is gone: it is given nothing until it speaks of its window again.
    var isUnreachable = false
    /// Another one was refused because of its name.
    var hasRival = false
    /// Leases that it is to be told are wanted no more.
    var cancelled: [LeaseName] = []
    /// The length that it is being filled with, and the tokens for which that goes on.
    var bucket: UInt8?
    var bucketTokens = 0
    var done: UInt64 = 0
    var failed: UInt64 = 0
    var meter = Meter()

    struct Offered: Sendable {
        var offer: ModelOffer
        var languages: OfferedLanguages
    }

    init(_ hello: Hello, offers: [(model: Int, offered: Offered)], peer: Peer, at now: UInt64) {
        self.peer = peer
        models = offers.map(\.model)
        self.offers = Dictionary(offers.map { ($0.model, $0.offered) }) { first, _ in first }
        instance = hello.instance
        incarnation = hello.incarnation
        unavailableModels = hello.unavailableModels
        window = hello.window
        welcomedAt = now
        heardAt = now
    }

    /// The models of which it may be given chunks.
    func models(at now: UInt64) -> [Int] {
        pauses.isEmpty ? models : models.filter { pauses[$0].map { $0.until <= now } ?? true }
    }

    /// The models that it offers now.
    var offered: [Int] { isLeaving || isUnreachable ? [] : models }

    /// Whether it is given one chunk at a time.
    var isMistrusted: Bool { unanswered >= 3 }

    /// Whether it may be given more, as far as it goes.
    func isHungry(at now: UInt64) -> Bool {
        !isLeaving && !isUnreachable && !isAlone && !isUncertain && window > 0 && pausedUntil <= now
            && (leases.isEmpty || leasedCost < window && !isMistrusted)
    }

    /// What a chunk takes of the window. One that is larger than that, as one long line may be, leaves a quarter to
    /// others, or they would wait until all of it is translated.
    func share(of cost: UInt32) -> UInt32 { min(cost, UInt32(clamping: window - window / 4)) }

    /// One chunk fits whatever its size when there is no other.
    func fits(_ cost: UInt32) -> Bool { leases.isEmpty || leasedCost + UInt64(share(of: cost)) <= window }

    /// How full it is.
    var load: Double { window == 0 ? .infinity : Double(leasedCost) / Double(window) }
}

/// For how long a worker gets no chunks of a model that it could not load.
struct ModelPause: Sendable {
    var failures = 0
    /// Monotonic nanoseconds.
    var until: UInt64 = 0
}
