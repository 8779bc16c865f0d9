import JobModel

/// A chunk that is with a worker.
struct Lease: Sendable {
    let chunk: ChunkRef
    let name: LeaseName
    var worker: WorkerRef
    /// Of its worker's window, in source tokens.
    let share: UInt32
    let isAlone: Bool
    /// Monotonic nanoseconds.
    var until: UInt64
    /// Beats of the worker since the last that named it.
    var missedBeats = 0
    /// Its answer could not be read: it lasts until a better one is due, whether its worker names it or not.
    var isRefused = false
    /// An ASSIGN that waits for its lease to be durable.
    var unsent: Assignment?
}

/// Who has what. A token that has lapsed is remembered for a while, because a late DONE with it is as good as any.
struct LeaseTable: Sendable {
    private let epoch: UInt64
    private var counter: UInt64 = 0
    private var current: [UInt64: Lease] = [:]
    private var lapsed: [UInt64: ChunkRef] = [:]
    /// A ring of the lapsed.
    private var ring: [UInt64] = []
    private var oldest = 0
    /// Of suspects.
    private(set) var aloneCount = 0

    static let lapsedMaximum = 65_536

    init(epoch: UInt64) { self.epoch = epoch }

    var count: Int { current.count }

    /// Of those that this broker gave; what its workers came back with, they have.
    var isAloneBesideOthers: Bool {
        let own = current.values.filter { isOwn($0.name) }
        return own.count > 1 && own.contains(where: \.isAlone)
    }

    /// Whether this broker gave it, not the one before.
    func isOwn(_ name: LeaseName) -> Bool { name.token >> 40 == epoch }

    subscript(_ token: UInt64) -> Lease? {
        get { current[token] }
        set { if current[token] != nil, let newValue { current[token] = newValue } }
    }

    /// The chunk that a token is, or was, for.
    func chunk(of name: LeaseName) -> ChunkRef? { current[name.token]?.chunk ?? lapsed[name.token] }

    mutating func newToken() -> UInt64 {
        counter += 1
        return epoch << 40 | counter
    }

    mutating func add(_ lease: Lease) {
        lapsed[lease.name.token] = nil
        current[lease.name.token] = lease
        if lease.isAlone { aloneCount += 1 }
    }

    mutating func lapse(_ token: UInt64) {
        guard let lease = current.removeValue(forKey: token) else { return }
        if lease.isAlone { aloneCount -= 1 }
        remember(token, for: lease.chunk)
    }

    mutating func remember(_ token: UInt64, for chunk: ChunkRef) {
        lapsed[token] = chunk
        if ring.count < Self.lapsedMaximum {
            ring.append(token)
        } else {
            lapsed[ring[oldest]] = nil
            ring[oldest] = token
            oldest = (oldest + 1) % ring.count
        }
    }
}
