package import JobModel

/// What `dragoman status` writes for people.
package struct StatusText: Sendable {
    private let report: StatusReport
    private let endpoint: String

    package init(_ report: StatusReport, endpoint: String) {
        self.report = report
        self.endpoint = endpoint
    }

    package var text: String { TextTable.text(figures) + tables.map { "\n" + TextTable.text($0) }.joined() }

    /// Of workers, models and consumers, each with a heading.
    package var tables: [[[String]]] {
        [
            workers, Self.models(report.models, of: tenants),
            Self.consumers(report.consumers, lastSequence: report.lastSequence),
        ].filter { !$0.isEmpty }
    }

    /// Whose numbers these are; empty where the broker does not say.
    private var tenants: String {
        report.isOfAllTenants ? "all tenants" : report.tenant.isEmpty ? "" : "tenant \(report.tenant)"
    }

    /// What there is to say of the broker itself, each with its name.
    package var figures: [[String]] {
        let whose = tenants.isEmpty ? "" : tenants + ": "
        let log = report.tenant.isEmpty ? "" : "tenant \(report.tenant): "
        let state = report.isDraining ? ", about to stop: takes no new jobs" : ""
        let refusal = report.refusal.isEmpty || report.isDraining ? [] : [["new jobs", "refused: \(report.refusal)"]]
        let broker = [
            "broker",
            "\(endpoint), version \(report.version), up \(Self.time(report.uptimeMilliseconds)), "
                + "epoch \(report.epoch)\(state)",
        ]
        let queue = [
            "queue",
            "\(whose)\(Quantity.counted(report.queuedJobs, "job")), "
                + "\(Quantity.counted(report.queuedChunks, "chunk")) waiting\(oldest), "
                + "\(Quantity.grouped(report.leasedChunks)) with workers, \(Quantity.bytes(report.queuedBytes))",
        ]
        let jobs = [
            "jobs",
            "\(whose)\(Self.count(report.accepted)) accepted, \(Self.count(report.rejected)) rejected, "
                + "\(Self.count(report.done)) done, \(Self.count(report.failed)) failed\(others) since the start; "
                + "\(Quantity.grouped(report.deadJobs)) dead",
        ]
        let work = [
            "work",
            "\(whose)\(Self.count(report.sentences, "sentence")), " + Self.count(report.sourceTokens, "source token"),
        ]
        let latencies = latency(report.jobWait, "wait", whose) + latency(report.jobDuration, "duration", whose)
        return refusal + [broker, queue, jobs, work] + latencies
            + [["results", "\(log)up to record \(Self.count(report.lastSequence))"]]
    }

    private var oldest: String {
        report.oldestQueuedMilliseconds == 0 ? "" : " (the oldest for \(Self.time(report.oldestQueuedMilliseconds)))"
    }

    private var others: String {
        let others = [(report.expired, "expired"), (report.cancelled, "cancelled")].filter { $0.0 > 0 }
        return others.map { ", \(Self.count($0.0)) \($0.1)" }.joined()
    }

    private func latency(_ latency: StatusReport.Latency?, _ name: String, _ whose: String) -> [[String]] {
        guard let latency, latency.count > 0 else { return [] }
        let times = [
            ("50", latency.p50Milliseconds), ("90", latency.p90Milliseconds), ("99", latency.p99Milliseconds),
        ]
        let text = times.map { "\($0.0) % within \(Self.time($0.1))" }.joined(separator: ", ")
        return [["job \(name)", "\(whose)\(text) (\(Self.count(latency.count, "job")) in the last minutes)"]]
    }

    private var workers: [[String]] {
        guard !report.workers.isEmpty else {
            // Who they are is for operators to see, and older brokers do not count them.
            let count = max(report.workerCount, report.models.map(\.workers).max() ?? 0)
            return [[count == 0 ? "no workers" : "\(Quantity.counted(count, "worker")), for all tenants"]]
        }
        return [["worker (all tenants)", "chunks", "tokens", "done", "failed", "tokens/s", "silent", "models"]]
            + report.workers.map { worker in
                [
                    worker.instance
                        + (worker.isUnreachable ? " (unreachable)" : worker.isDraining ? " (leaves)" : ""),
                    Quantity.grouped(worker.leasedChunks), Self.window(of: worker),
                    Self.count(worker.done), Self.count(worker.failed), Self.rate(worker.sourceTokensPerSecond),
                    Self.time(worker.silentMilliseconds), Self.models(of: worker),
                ]
            }
    }

    /// - Parameter tenants: Whose numbers these are; empty: not said.
    package static func models(_ models: [StatusReport.ModelStatus], of tenants: String) -> [[String]] {
        guard !models.isEmpty else { return [] }
        let model = tenants.isEmpty ? "model" : "model (\(tenants))"
        return [[model, "languages", "workers", "waiting", "leased", "done", "sentences/s", "tokens/s"]]
            + models.map { model in
                let absent = model.absentMilliseconds
                return [
                    model.name, languages(of: model),
                    Quantity.grouped(model.workers) + (absent > 0 ? " for \(Self.time(absent))" : ""),
                    Quantity.grouped(model.queuedChunks), Quantity.grouped(model.leasedChunks), Self.count(model.done),
                    Self.rate(model.sentencesPerSecond), Self.rate(model.sourceTokensPerSecond),
                ]
            }
    }

    private static func languages(of model: StatusReport.ModelStatus) -> String {
        model.languages.isEmpty
            ? "\(model.sourceLanguage) → \(model.targetLanguage)" : LanguageSet.text(model.languages, between: " → ")
    }

    /// - Parameter lastSequence: Of the log, where an older broker does not say so of each consumer.
    package static func consumers(
        _ consumers: [StatusReport.ConsumerStatus], lastSequence: UInt64
    ) -> [[String]] {
        guard !consumers.isEmpty else { return [] }
        let namesTenants = consumers.contains { !$0.tenant.isEmpty }
        return [["consumer"] + (namesTenants ? ["tenant"] : []) + ["acknowledged", "behind", "attached"]]
            + consumers.map { consumer in
                let last = consumer.tenant.isEmpty ? lastSequence : consumer.lastSequence
                let behind = last - min(last, consumer.acknowledged)
                return [consumer.name] + (namesTenants ? [consumer.tenant] : [])
                    + [count(consumer.acknowledged), count(behind), attached(consumer)]
            }
    }

    private static func attached(_ consumer: StatusReport.ConsumerStatus) -> String {
        if consumer.isAttached { return "yes" }
        let absent = consumer.absentMilliseconds > 0 ? " for \(time(consumer.absentMilliseconds))" : ""
        return "no" + absent + (consumer.isAbandoned ? ", abandoned" : "")
    }

    /// A window may have been made smaller than what is leased already.
    private static func window(of worker: StatusReport.WorkerStatus) -> String {
        let leased = Quantity.grouped(worker.leasedTokens)
        return worker.leasedTokens > worker.windowTokens || worker.windowTokens == 0
            ? leased : "\(leased) of \(Quantity.grouped(worker.windowTokens))"
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

    private static func count(_ value: UInt64, _ noun: String) -> String {
        Quantity.counted(Int(clamping: value), noun)
    }

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
