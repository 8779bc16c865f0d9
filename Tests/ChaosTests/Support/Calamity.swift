import TestKit

/// What happens to a running cluster.
enum Calamity: Sendable, CustomStringConvertible {
    case brokerKilled
    /// Its next run ends at this point, unless something else ends it before.
    case brokerKilledAndToCrash(CrashPoint)
    /// At the moment when a producer hears that its jobs were accepted.
    case brokerKilledAfterAcceptance
    case workerKilled(Int)
    /// SIGSTOP, and SIGCONT when its leases are long over.
    case workerStopped(Int)
    case consumerRestarted(Int)

    var description: String {
        switch self {
        case .brokerKilled: "broker killed"
        case .brokerKilledAndToCrash(let point): "broker killed, its next run crashes at \(point)"
        case .brokerKilledAfterAcceptance: "broker killed after it accepted jobs"
        case .workerKilled(let worker): "worker \(worker) killed"
        case .workerStopped(let worker): "worker \(worker) stopped for longer than its lease"
        case .consumerRestarted(let consumer): "consumer \(consumer) restarted"
        }
    }
}

/// Calamities, each when the result log has come so far: the same number of them on a fast machine and on a slow one.
struct Schedule: Sendable {
    let calamities: [(at: UInt64, Calamity)]

    /// - Parameters:
    ///   - records: How long the log is going to be.
    init(seed: UInt64, records: Int, workers: Int, consumers: Int) {
        var random = SeededRandom(seed: seed)
        var all: [Calamity] = []
        for moment in CrashPoint.Moment.allCases {
            for kind in CrashPoint.Kind.allCases {
                all.append(.brokerKilledAndToCrash(CrashPoint(moment, kind, random.integer(1...12))))
            }
        }
        all += (0..<3).map { _ in .brokerKilled }
        all += (0..<2).map { _ in .brokerKilledAfterAcceptance }
        all += (0..<6).map { .workerKilled($0 % workers) }
        all += [.workerStopped(random.integer(0...workers - 1))]
        all += (0..<6).map { .consumerRestarted($0 % consumers) }
        // Each in a stretch of the log of its own, somewhere in it; none in the last, so that all happen.
        let stretch = records / (all.count + 2)
        calamities = all.shuffled(using: &random).enumerated().map { index, calamity in
            (UInt64(index * stretch + random.integer(1...max(stretch, 1))), calamity)
        }
    }
}
