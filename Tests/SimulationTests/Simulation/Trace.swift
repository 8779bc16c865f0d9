import JobModel

/// What happened, as a number that any difference changes; and on demand the last lines, for people.
struct Trace {
    private(set) var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    private(set) var lines: [String] = []
    /// None, unless a run is repeated to be read.
    let linesMaximum: Int

    init(linesMaximum: Int) { self.linesMaximum = linesMaximum }

    /// FNV-1a over words, with a rotation, since words differ mostly in their low bits.
    mutating func note(_ words: UInt64...) {
        for word in words {
            hash = (hash ^ word) &* 0x0000_0100_0000_01B3
            hash ^= hash >> 29
        }
    }

    mutating func line(_ text: @autoclosure () -> String) {
        guard linesMaximum > 0 else { return }
        if lines.count >= 2 * linesMaximum { lines.removeFirst(linesMaximum) }
        lines.append(text())
    }
}

extension Envelope {
    /// Numbers that tell it from most others. Swift's own hashes differ from process to process.
    var traceWords: (kind: UInt64, detail: UInt64) {
        switch body {
        case .fault(let fault): (1, UInt64(fault.code.rawValue))
        case .submit(let jobs): (2, jobs.reduce(0) { $0 &* 31 &+ $1.id.low })
        case .submitReply(let verdicts): (3, verdicts.reduce(0) { $0 &* 31 &+ $1.job.low })
        case .cancel(let ids, _): (4, ids.reduce(0) { $0 &* 31 &+ $1.low })
        case .cancelReply(let states): (5, states.reduce(0) { $0 &* 31 &+ UInt64($1?.rawValue ?? 0) })
        case .jobQuery(let id, _): (6, id.low)
        case .jobReport(let report): (7, report.job.low &* 31 &+ UInt64(report.state?.rawValue ?? 0))
        case .statusQuery: (8, 0)
        case .statusReport(let report): (9, UInt64(report.queuedChunks))
        case .deadLetterRequest: (10, 0)
        case .deadLetterReply(let reports): (11, UInt64(reports.count))
        case .consumerRequest: (30, 0)
        case .consumerReply(let consumers): (31, UInt64(consumers.count))
        case .modelRequest: (32, 0)
        case .modelReply(let models): (33, UInt64(models.count))
        case .jobListRequest: (34, 0)
        case .jobListReply(let list): (35, UInt64(list.jobs.count))
        case .glossaryRequest: (36, 0)
        case .glossaryReply(let glossaries): (37, UInt64(glossaries.count))
        case .hello(let hello): (12, Self.digest(hello.leases))
        case .workCredit(let window): (13, window)
        case .workerBeat(let beat): (14, Self.digest(beat.leases))
        case .done(let done): (15, done.lease.token)
        case .fail(let fail): (16, fail.lease.token)
        case .goodbye(let leases): (17, Self.digest(leases))
        case .welcome(let welcome): (18, Self.digest(welcome.leases) &+ welcome.epoch)
        case .assign(let assign): (19, assign.lease.token &* 31 &+ UInt64(assign.attempt))
        case .brokerBeat(let beat): (20, Self.digest(beat.cancelled))
        case .settled(let leases): (21, Self.digest(leases))
        case .attach(_, let sequence): (22, sequence ?? 0)
        case .resultCredit(let credit): (23, UInt64(credit.records))
        case .ack(let sequence): (24, sequence)
        case .detach: (25, 0)
        case .attached(let attached): (26, attached.nextSequence &* 31 &+ attached.lastSequence)
        case .record(let record, _): (27, record.sequence &* 31 &+ record.job.low)
        case .acked(let sequence): (28, sequence)
        case .heartbeat(_, let last): (29, last)
        }
    }

    private static func digest(_ leases: [LeaseName]) -> UInt64 {
        leases.reduce(UInt64(leases.count)) { $0 &* 31 &+ $1.token }
    }
}
