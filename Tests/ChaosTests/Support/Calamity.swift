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

/// Calamities, each when the result log has grown by so much since the last: as many on a fast machine as on a slow one.
struct Schedule: Sendable {
    let calamities: [(growth: UInt64, Calamity)]
    /// The log is at least so long in the end: what producers give up may never have arrived.
    private let length: UInt64

    /// - Parameter records: How long the log is going to be, roughly.
    init(seed: UInt64, records: Int, workers: Int, consumers: Int) {
        var random = SeededRandom(seed: seed)
        var all: [Calamity] = []
        for moment in CrashPoint.Moment.allCases {
            for kind in CrashPoint.Kind.allCases {
                all.append(.brokerKilledAndToCrash(CrashPoint(moment, kind, random.integer(1...8))))
            }
        }
        all += (0..<4).map { _ in .brokerKilled }
        all += (0..<4).map { _ in .brokerKilledAfterAcceptance }
        all += (0..<8).map { .workerKilled($0 % workers) }
        all += (0..<2).map { .workerStopped($0 % workers) }
        all += (0..<8).map { .consumerRestarted($0 % consumers) }
        length = UInt64(records * 3 / 4)
        let gap = Int(length) / all.count
        calamities = all.shuffled(using: &random).map { (UInt64(random.integer(gap / 2...gap * 3 / 2)), $0) }
    }

    /// How far the log is to have come when a calamity is due.
    ///
    /// The log goes on while a calamity happens, so that the later ones must move together to happen at all.
    ///
    /// - Parameter progress: How far it has come.
    func due(_ index: Int, progress: UInt64) -> UInt64 {
        let left = length > progress ? length - progress : 0
        return progress + min(calamities[index].growth, left / UInt64(calamities.count - index))
    }
}
