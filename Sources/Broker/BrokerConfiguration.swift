package import Dispatching
import SettingValues
package import Spans
package import ZeroMQ

/// Where a broker listens, and the settings that it follows.
package struct BrokerConfiguration: Sendable {
    package var endpoints: Endpoints
    package var dispatch = DispatchSettings()
    /// Jobs just accepted that are kept in memory, so that their texts need not be read again to be assigned.
    package var contentCacheBytes = 32 << 20
    /// Whose keys are let in; nil: no keys, everyone who can reach the endpoints.
    package var access: Access?
    /// Whether the workers are in this process, so that a chunk that kills one kills the broker too.
    package var isEmbedded = false
    package var version = ""
    /// Where spans of jobs go to; nil: nowhere.
    package var tracing: SpanExporter.Settings?

    /// Where workers in the broker's own process say HELLO, without keys: nobody else can reach it.
    package static let embeddedWorkEndpoint = "inproc://dragoman-work"

    package init(endpoints: Endpoints) {
        self.endpoints = endpoints
    }

    package struct Endpoints: Sendable, Equatable {
        package var jobs: String
        package var work: String
        package var results: String
        package var feed: String

        package init(jobs: String, work: String, results: String, feed: String) {
            self.jobs = jobs
            self.work = work
            self.results = results
            self.feed = feed
        }
    }

    package struct Access: Sendable {
        package var keys: CurveKeyPair
        package var allowing: AllowList

        package init(keys: CurveKeyPair, allowing: AllowList) {
            self.keys = keys
            self.allowing = allowing
        }
    }
}

extension GateLimits {
    /// What all connections together may take.
    init(_ limits: LimitSettings) {
        self.init(
            connectionsMaximum: limits.connectionsMax, connectionsPerAddressMaximum: limits.addressConnectionsMax,
            bytesMaximum: limits.inflightBytesMax, messageTimeout: .milliseconds(limits.messageArrivalMsMax))
    }
}
