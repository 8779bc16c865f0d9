import Clocks
import JobModel
import Logging
import Worker

/// Takes what a worker reports to where it belongs: the log, the watchdog, the daemon.
struct WorkerLog: Sendable {
    let logger: Logger
    let pulse: Pulse
    let post: @Sendable (DaemonPart, PartEvent) -> Void

    @Sendable func take(_ report: WorkerReport) {
        switch report {
        case .started: post(.worker, .started)
        case .ready: post(.worker, .ready)
        case .alive: pulse.beat(of: .worker, at: .nanoseconds(Int64(SystemClock.monotonic)))
        case .welcomed(let endpoint, let epoch):
            logger.notice("welcomed by a broker", metadata: ["endpoint": "\(endpoint)", "epoch": "\(epoch)"])
        case .lost(let endpoint, let loss): logger.warning(loss.message, metadata: ["endpoint": "\(endpoint)"])
        case .moved(let move): logger.warning("\(move)")
        case .left(let endpoint): logger.notice("left a broker that stops", metadata: ["endpoint": "\(endpoint)"])
        case .refused(let endpoint, let fault):
            logger.error(
                "broker refuses a message", metadata: ["endpoint": "\(endpoint)", "problem": "\(fault.message)"])
        case .unconnected(let endpoint, let problem, let again):
            logger.warning(
                "no connection to a broker; it is tried again all the time",
                metadata: [
                    "endpoint": "\(endpoint)", "problem": "\(problem)", "next_report_s": "\(again.components.seconds)",
                ])
        case .stuck: logger.critical("the engine has work and computes nothing: heartbeats stop")
        case .model(.preloading(let model)): post(.worker, .loading(model: model))
        case .model(.loaded(let model)): logger.info("model loaded", metadata: ["model": "\(model)"])
        case .model(.unloaded(let model)): logger.info("model unloaded", metadata: ["model": "\(model)"])
        case .model(.failed(let model, let reason)):
            logger.error(
                "model cannot be loaded; it is not offered until it can",
                metadata: ["model": "\(model)", "problem": "\(reason)"])
        case .model(.recovered(let model)):
            logger.notice("model loaded, and offered again", metadata: ["model": "\(model)"])
        case .failed(let chunk):
            var fields: Logger.Metadata = [
                "job_id": "\(chunk.job)", "chunk": "\(chunk.chunk)", "attempt": "\(chunk.attempt)",
                "code": "\(chunk.failure.code)", "problem": "\(chunk.failure.message)",
            ]
            if !chunk.trace.isEmpty { fields["trace"] = "\(chunk.trace)" }
            logger.warning("a chunk failed", metadata: fields)
        }
    }
}

extension SessionDirective.Loss {
    fileprivate var message: Logger.Message {
        switch self {
        case .silence: "broker is silent"
        case .unknown: "broker does not know this worker any more"
        case .restart: "broker was restarted"
        }
    }
}
