import JobModel

/// A place among the consumers, and which of the attachments there: what was begun for an older one is void.
struct ConsumerRef: Sendable, Hashable {
    var slot: Int
    var attachment: UInt64
}

/// A named cursor in a tenant's log.
struct Consumer: Sendable {
    let tenant: Int
    let name: String
    /// Durable.
    var acknowledged: UInt64
    /// When it was last attached, as of the last sweep.
    var seen: Sighting
    var attachment: Attachment?
}

/// A consumer's connection.
struct Attachment: Sendable {
    let number: UInt64
    let peer: Peer
    /// ATTACH's, until it has been answered.
    var correlation: [UInt8]?
    /// The first record that has not been sent.
    var next: UInt64
    var credit = ResultCredit(records: 0, bytes: 0)
    /// Sent and not acknowledged, in order.
    private var outstanding: [(sequence: UInt64, bytes: UInt64)] = []
    private var acknowledgedCount = 0
    private(set) var outstandingBytes: UInt64 = 0
    /// The last that was sent, or that the consumer said it had when it came.
    private(set) var delivered: UInt64
    var isReading = false
    /// The next record is too large for what is left of the window.
    var isFull = false
    /// Monotonic nanoseconds.
    var heardAt: UInt64

    /// Whatever the consumer says: what is on the way is remembered.
    static let recordsMaximum = 4096
    /// Whatever the consumer says: what it does not read waits in memory.
    static let bytesMaximum: UInt64 = 16 << 20

    init(number: UInt64, peer: Peer, correlation: [UInt8], next: UInt64, at now: UInt64) {
        self.number = number
        self.peer = peer
        self.correlation = correlation
        self.next = next
        delivered = next - 1
        heardAt = now
    }

    var unacknowledged: ArraySlice<(sequence: UInt64, bytes: UInt64)> { outstanding[acknowledgedCount...] }
    var outstandingCount: Int { outstanding.count - acknowledgedCount }
    var roomForRecords: Int { max(0, min(Int(credit.records), Self.recordsMaximum) - outstandingCount) }

    /// - Parameter share: What this consumer may have on the way beside the others.
    func roomForBytes(within share: UInt64) -> UInt64 {
        let window = min(credit.bytes, Self.bytesMaximum, share)
        return window > outstandingBytes ? window - outstandingBytes : 0
    }

    /// Whether a record may be sent now: one always, so that each consumer gets on whatever the others do.
    func fits(_ bytes: UInt64, room: UInt64) -> Bool {
        roomForRecords > 0 && (outstandingCount == 0 || bytes <= room)
    }

    mutating func skip(to sequence: UInt64) {
        next = max(next, sequence)
        delivered = next - 1
    }

    mutating func sent(_ sequence: UInt64, bytes: UInt64) {
        precondition(sequence >= next, "record \(sequence) was sent out of order: \(next) was next")
        outstanding.append((sequence, bytes))
        outstandingBytes += bytes
        delivered = sequence
        next = sequence + 1
    }

    mutating func acknowledge(upTo sequence: UInt64) {
        while acknowledgedCount < outstanding.count, outstanding[acknowledgedCount].sequence <= sequence {
            outstandingBytes -= outstanding[acknowledgedCount].bytes
            acknowledgedCount += 1
        }
        if acknowledgedCount > 64, acknowledgedCount * 2 > outstanding.count {
            outstanding.removeFirst(acknowledgedCount)
            acknowledgedCount = 0
        }
        isFull = false
    }
}
