package import Broker
import Dispatching
import Foundation
package import Settings
import Spans
import ZeroMQ

extension BrokerConfiguration {
    /// - Throws: `CommandError` when the files of keys cannot be used.
    package init(_ settings: Settings, isEmbedded: Bool) throws(CommandError) {
        let broker = settings.broker
        self.init(
            endpoints: Endpoints(
                jobs: broker.jobsEndpoint, work: broker.workEndpoint, results: broker.resultsEndpoint,
                feed: broker.feedEndpoint))
        dispatch = DispatchSettings(settings)
        let files = AccessFiles(settings: settings.access)
        dispatch.tenantLimits = try files.tenantLimits()
        access = try files.server().map {
            Access(keys: $0.keys, allowing: $0.allowing)
        }
        self.isEmbedded = isEmbedded
        version = Dragoman.version
        tracing = settings.tracing.endpoint.map { endpoint in
            SpanExporter.Settings(
                endpoint: endpoint,
                resource: [
                    .init("service.name", .text("dragoman")), .init("service.version", .text(version)),
                    .init("service.instance.id", .text(broker.jobsEndpoint)),
                ], version: version, environment: ProcessInfo.processInfo.environment)
        }
    }
}

extension DispatchSettings {
    init(_ settings: Settings) {
        self.init()
        broker = settings.broker
        limits = settings.limits
        store = settings.store
        notesJobs = settings.log.level == .debug || settings.log.level == .trace
    }
}
