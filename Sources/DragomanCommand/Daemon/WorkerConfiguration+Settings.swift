import DragomanEngine
import Foundation
import SettingValues
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
        self.settings = worker
        threads = worker.threads > 0 ? worker.threads : Processors.usable
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
