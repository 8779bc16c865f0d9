package import JobModel

/// What one consumer has read of a result log, over all its sessions, and whatever was wrong with it.
package struct ConsumedLog: Sendable {
    package let consumer: String
    /// In the order of the log.
    package private(set) var records: [Record] = []
    /// Also those that came again.
    package private(set) var deliveries: [JobID] = []
    package private(set) var sessions = 0
    package private(set) var problems: [String] = []
    private var ends: [JobID: UInt64] = [:]
    /// Of the session: the last record's number.
    private var last: UInt64?
    /// The last that the consumer has said to have dealt with.
    package private(set) var acknowledged: UInt64 = 0

    package init(consumer: String) { self.consumer = consumer }

    package var lastSequence: UInt64 { UInt64(records.count) }

    package mutating func beginSession() {
        sessions += 1
        last = nil
    }

    package mutating func receive(_ record: Record) {
        if !record.isPartial { deliveries.append(record.job) }
        if let last {
            if record.sequence != last + 1 { problem("record \(record.sequence) came after \(last)") }
        } else if record.sequence > acknowledged + 1 {
            problem(
                "session \(sessions) began with record \(record.sequence), and only \(acknowledged) was acknowledged")
        }
        last = record.sequence
        if record.sequence <= lastSequence, record.sequence > 0 {
            if records[Int(record.sequence) - 1] != record { problem("record \(record.sequence) was another before") }
        } else if record.sequence == lastSequence + 1 {
            append(record)
        } else {
            problem("record \(record.sequence) came, and \(lastSequence + 1) never did")
        }
    }

    private mutating func append(_ record: Record) {
        records.append(record)
        guard !record.isPartial else { return }
        if let earlier = ends.updateValue(record.sequence, forKey: record.job) {
            problem("job \(record.job) ended twice, with records \(earlier) and \(record.sequence)")
        }
    }

    package mutating func acknowledge(upTo sequence: UInt64) { acknowledged = max(acknowledged, sequence) }

    private mutating func problem(_ text: String) {
        // The first few say it all.
        if problems.count < 20 { problems.append("\(consumer): \(text)") }
    }
}
