import JobModel

/// One simulation, from its seed to its end.
struct Run {
    let scenario: Scenario
    let steps: Int

    struct Outcome {
        var violation: String?
        var hash: UInt64
        var counts: Checker.Counts
        var steps: Int
        var virtualSeconds: UInt64
        var lines: [String]
    }

    func callAsFunction(linesMaximum: Int = 0) -> Outcome {
        let cluster = Cluster(scenario, linesMaximum: linesMaximum)
        if cluster.run(steps: steps) { cluster.settle() }
        return Outcome(
            violation: cluster.checker.violation, hash: cluster.trace.hash, counts: cluster.checker.counts,
            steps: cluster.steps, virtualSeconds: cluster.clock.monotonic / Span.second, lines: cluster.trace.lines)
    }
}

extension Run.Outcome: CustomStringConvertible {
    var description: String {
        let ends = counts.ended.sorted { $0.key.rawValue < $1.key.rawValue }.map { "\($0.key) \($0.value)" }
        return """
            \(steps) steps, \(virtualSeconds) s, trace \(String(hash, radix: 16)); attempts \(counts.submitted), \
            acknowledged \(counts.accepted), \(ends.joined(separator: ", ")), recovered \(counts.recovered), \
            partial \(counts.partial), redelivered \(counts.redelivered), chunks begun \(counts.began), \
            charged \(counts.charged), broker starts \(counts.brokerStarts), refused \(counts.rejected), \
            failed calls \(counts.failedCalls), closed consumers \(counts.closedConsumers)\
            \(violation.map { "; VIOLATION: \($0)" } ?? "; lost 0, unexpected 0")
            """
    }
}
