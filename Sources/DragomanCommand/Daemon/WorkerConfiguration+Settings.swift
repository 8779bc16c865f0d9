import DragomanEngine
import Foundation
import Settings
import Systemd
import Worker
import ZeroMQ

extension WorkerConfiguration {
    /// - Parameters:
    ///   - endpoints: The brokers'.
    ///   - security: How to connect to them.
    ///   - environment: The process's.
    init(_ settings: Settings, endpoints: [String], security: Security, environment: [String: String]) {
        let worker = settings.worker
        self.init(
            endpoints: endpoints,
            instance: worker.instance
                ?? "\(ProcessInfo.processInfo.hostName)-\(ProcessInfo.processInfo.processIdentifier)",
            models: settings.models.map(HostedModel.init))
        self.security = security
        limits.loadedMaximum = worker.modelsLoadedMax
        limits.idleMilliseconds = UInt64(worker.modelIdleUnloadMs)
        threads = worker.threads > 0 ? worker.threads : Processors.usable
        batchTokens = worker.batchTokens
        windowTokens = UInt64(worker.windowTokens)
        progressTimeoutMilliseconds = UInt64(worker.progressTimeoutMs)
        drainMilliseconds = UInt64(worker.drainMs)
        frameBytesMaximum = settings.broker.workerFrameBytesMax
        // For tests and bug reports: see EngineFlags.
        if let name = environment["DRAGOMAN_ISA"], !name.isEmpty { instructionSet = name }
    }
}

extension HostedModel {
    init(_ settings: ModelSettings) {
        let urls = settings.urls
        self.init(name: settings.name, directory: urls[0])
        otherDirectories = Array(urls.dropFirst())
        precision =
            switch settings.precision {
            case .int8: .int8
            case .float32: .float32
            }
        usesShortlist = settings.shortlist
        sourceLanguage = settings.sourceLanguage
        targetLanguage = settings.targetLanguage
        isPreloaded = settings.preload
    }
}
