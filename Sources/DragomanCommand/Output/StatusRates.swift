package import JobModel

/// What a broker does in a second, from the counters of its reports.
package struct StatusRates: Sendable, Equatable {
    /// What rates are taken over: long enough that they do not flicker.
    private static let window: UInt64 = 5000

    private struct Sample: Sendable, Equatable {
        /// The broker's own clock: what the network adds does not change a rate.
        var uptime: UInt64
        var jobs: UInt64
        var sentences: UInt64
        var tokens: UInt64
    }

    private var epoch: UInt64?
    private var samples: [Sample] = []

    package init() {}

    package mutating func add(_ report: StatusReport) {
        if report.epoch != epoch { samples = [] }
        epoch = report.epoch
        let sample = Sample(
            uptime: report.uptimeMilliseconds, jobs: report.done + report.failed, sentences: report.sentences,
            tokens: report.sourceTokens)
        guard sample.uptime > samples.last?.uptime ?? 0 || samples.isEmpty else { return }
        samples.append(sample)
        while samples.count > 2, sample.uptime - samples[1].uptime >= Self.window { samples.removeFirst() }
    }

    /// nil: there are not yet two reports of one run of the broker.
    package var text: String? {
        guard let first = samples.first, let last = samples.last, last.uptime > first.uptime else { return nil }
        let seconds = Double(last.uptime - first.uptime) / 1000
        func rate(_ value: (Sample) -> UInt64, _ unit: String) -> String {
            let count = value(last) - min(value(first), value(last))
            return "\(Quantity.oneDecimal(Double(count) / seconds)) \(unit)/s"
        }
        return [rate(\.sentences, "sentences"), rate(\.tokens, "tokens"), rate(\.jobs, "jobs")].joined(separator: ", ")
    }
}
