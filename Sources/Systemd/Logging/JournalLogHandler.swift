package import Glibc
package import Logging

/// Writes log entries to the journal, with a field for each piece of metadata, or as lines to standard error.
///
/// It logs what it is given. That source texts and translations are never logged is up to those who log.
package struct JournalLogHandler: LogHandler {
    package var metadata: Logger.Metadata = [:]
    package var metadataProvider: Logger.MetadataProvider?
    package var logLevel: Logger.Level

    private let destination: LogDestination
    private let now: @Sendable () -> timespec

    /// - Parameter now: The time of lines; the journal has its own.
    package init(
        destination: LogDestination, logLevel: Logger.Level = .info, metadataProvider: Logger.MetadataProvider? = nil,
        now: @escaping @Sendable () -> timespec = LogTime.now
    ) {
        self.now = now
        self.destination = destination
        self.logLevel = logLevel
        self.metadataProvider = metadataProvider
    }

    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    package func log(event: LogEvent) {
        // The nearer to the entry, the more it counts.
        var merged = metadata
        merged.merge(metadataProvider?.get() ?? [:]) { $1 }
        merged.merge(event.metadata ?? [:]) { $1 }
        if let error = event.error { merged["error"] = "\(error)" }

        switch destination {
        case .lines(let descriptor):
            let time = LogTime.text(now())
            Self.write("\(time) \(event.level) \(LogLine.text(event, metadata: merged))\n", to: descriptor)
        case .journal(let address, let fallback):
            do {
                try address.send(JournalEntry(event, metadata: merged).bytes)
            } catch {
                // Standard error leads to the journal too, on another way: it reads `<priority>` before a line
                // (sd-daemon(3)).
                let line = "<\(event.level.syslogPriority)>\(LogLine.text(event, metadata: merged))\n"
                Self.write(line, to: fallback)
            }
        }
    }

    /// One call a line, so that the lines of several threads do not mix. Nobody is left to tell when it fails.
    private static func write(_ line: String, to descriptor: Int32) {
        var rest = Array(line.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0 {
                guard errno == EINTR else { return }
            } else {
                rest = rest.dropFirst(count)
            }
        }
    }
}
