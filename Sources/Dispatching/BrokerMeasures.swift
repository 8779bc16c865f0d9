package import JobModel
package import Measures

/// What the broker counts, at one moment.
package struct BrokerMeasures: Sendable {
    /// Since the broker's start.
    package struct Tenant: Sendable {
        package var name: String
        package var accepted: UInt64
        package var rejected: [Rejection.Code: UInt64]
        /// By how they ended.
        package var finished: [JobState: UInt64]

        package init(
            name: String, accepted: UInt64 = 0, rejected: [Rejection.Code: UInt64] = [:],
            finished: [JobState: UInt64] = [:]
        ) {
            self.name = name
            self.accepted = accepted
            self.rejected = rejected
            self.finished = finished
        }
    }

    /// Of all tenants, as an operator sees it.
    package var status: StatusReport
    /// In the order in which they were first seen, which does not change.
    package var tenants: [Tenant]
    /// Since the broker's start, in microseconds: from the acceptance of jobs to their first worker, and to their being
    /// done.
    package var waits: Histogram
    package var durations: Histogram

    package init(status: StatusReport, tenants: [Tenant], waits: Histogram, durations: Histogram) {
        self.status = status
        self.tenants = tenants
        self.waits = waits
        self.durations = durations
    }
}

extension Dispatcher {
    package mutating func measures(at now: Moment) -> BrokerMeasures {
        self.now = Moment(monotonic: max(now.monotonic, self.now.monotonic), wall: now.wall)
        let tenants = tenants.names.enumerated().map { index, name in
            let counters = statistics.counters(of: index)
            let codes = Rejection.Code.allCases.map { ($0, counters.rejected($0)) }
            return BrokerMeasures.Tenant(
                name: name, accepted: counters.accepted, rejected: Dictionary(uniqueKeysWithValues: codes),
                finished: [
                    .done: counters.done, .dead: counters.failed, .expired: counters.expired,
                    .cancelled: counters.cancelled,
                ])
        }
        return BrokerMeasures(
            status: status(of: .all, for: Identity(tenant: "", isOperator: true)), tenants: tenants,
            waits: statistics.waits, durations: statistics.durations)
    }
}
