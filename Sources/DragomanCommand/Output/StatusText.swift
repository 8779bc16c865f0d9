package import JobModel

/// What `dragoman status` writes for people.
package struct StatusText: Sendable {
    private let report: StatusReport
    private let endpoint: String

    package init(_ report: StatusReport, endpoint: String) {
        self.report = report
        self.endpoint = endpoint
    }

    package var text: String {
        let tables = [workers, models, consumers].filter { !$0.isEmpty }
        return TextTable.text(broker) + tables.map { "\n" + TextTable.text($0) }.joined()
    }

    private var broker: [[String]] {
        let state = report.isDraining ? ", about to stop: takes no new jobs" : ""
        let refusal = report.refusal.isEmpty || report.isDraining ? [] : [["new jobs", "refused: \(report.refusal)"]]
        return refusal + [
            [
                "broker",
                "\(endpoint), version \(report.version), up \(Self.time(report.uptimeMilliseconds)), "
                    + "epoch \(report.epoch)\(state)",
            ],
            [
                "queue",
                "\(Quantity.grouped(report.queuedJobs)) jobs, \(Quantity.grouped(report.queuedChunks)) chunks waiting, "
                    + "\(Quantity.grouped(report.leasedChunks)) with workers, \(Quantity.bytes(report.queuedBytes))",
            ],
            [
                "jobs",
                "\(Self.count(report.accepted)) accepted, \(Self.count(report.rejected)) rejected, "
                    + "\(Self.count(report.done)) done, \(Self.count(report.failed)) failed since the start; "
                    + "\(Quantity.grouped(report.deadJobs)) dead",
            ],
            [
                "work",
                "\(Self.count(report.sentences)) sentences, \(Self.count(report.sourceTokens)) source tokens",
            ],
            ["results", "up to record \(Self.count(report.lastSequence))"],
        ]
    }

    private var workers: [[String]] {
        guard !report.workers.isEmpty else { return [["no workers"]] }
        return [["worker", "chunks", "tokens", "done", "failed", "tokens/s", "silent", "models"]]
            + report.workers.map { worker in
                [
                    worker.instance + (worker.isDraining ? " (leaves)" : ""), Quantity.grouped(worker.leasedChunks),
                    "\(Quantity.grouped(worker.leasedTokens)) of \(Quantity.grouped(worker.windowTokens))",
                    Self.count(worker.done), Self.count(worker.failed), Self.rate(worker.sourceTokensPerSecond),
                    Self.time(worker.silentMilliseconds), Self.models(of: worker),
                ]
            }
    }

    private var models: [[String]] {
        guard !report.models.isEmpty else { return [] }
        return [["model", "languages", "workers", "waiting", "leased", "done", "sentences/s", "tokens/s"]]
            + report.models.map { model in
                [
                    model.name, "\(model.sourceLanguage) → \(model.targetLanguage)", Quantity.grouped(model.workers),
                    Quantity.grouped(model.queuedChunks), Quantity.grouped(model.leasedChunks), Self.count(model.done),
                    Self.rate(model.sentencesPerSecond), Self.rate(model.sourceTokensPerSecond),
                ]
            }
    }

    private var consumers: [[String]] {
        guard !report.consumers.isEmpty else { return [] }
        return [["consumer", "acknowledged", "behind", "attached"]]
            + report.consumers.map { consumer in
                let behind = report.lastSequence - min(report.lastSequence, consumer.acknowledged)
                return [
                    consumer.name, Self.count(consumer.acknowledged), Self.count(behind),
                    consumer.isAttached ? "yes" : "no",
                ]
            }
    }

    private static func models(of worker: StatusReport.WorkerStatus) -> String {
        let unavailable = worker.unavailableModels.map(\.name)
        let offered = worker.models.filter { !unavailable.contains($0) }
        let names =
            offered.map { worker.loadedModels.contains($0) ? "\($0) (loaded)" : $0 }
            + unavailable.map { "\($0) (cannot be loaded)" }
        return names.joined(separator: ", ")
    }

    private static func count(_ value: UInt64) -> String { Quantity.grouped(Int(clamping: value)) }

    private static func rate(_ value: Double) -> String { Quantity.oneDecimal(value) }

    /// `93784000` is `1 d 2 h`.
    package static func time(_ milliseconds: UInt64) -> String {
        let seconds = milliseconds / 1000
        switch seconds {
        case 0: return "\(milliseconds) ms"
        case ..<60: return "\(seconds) s"
        case ..<3600: return "\(seconds / 60) min \(seconds % 60) s"
        case ..<86_400: return "\(seconds / 3600) h \(seconds % 3600 / 60) min"
        default: return "\(seconds / 86_400) d \(seconds % 86_400 / 3600) h"
        }
    }
}
