import Broker
import Logging
import Synchronization
import Testing

@Suite("What is refused, in the log")
struct RefusalLogTests {
    private final class Lines: Sendable {
        let all = Mutex<[String]>([])
    }

    private struct Handler: LogHandler {
        let lines: Lines
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.trace

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            let fields = (event.metadata ?? [:]).map { "\($0)=\($1)" }.sorted().joined(separator: " ")
            lines.all.withLock { $0.append("\(event.message) \(fields)") }
        }
    }

    @Test("is said in full five times a minute for each kind, and then by its number")
    func summed() {
        let lines = Lines()
        let log = RefusalLog(logger: Logger(label: "test") { _ in Handler(lines: lines) })
        for index in 0..<1000 { log.record("no", kind: "a", ["index": "\(index)"]) }
        log.record("no", kind: "b", [:])
        #expect(lines.all.withLock(\.count) == 6)
        log.sumUp(at: 0)
        log.sumUp(at: 59_000_000_000)
        #expect(lines.all.withLock(\.count) == 6)
        log.sumUp(at: 60_000_000_000)
        #expect(lines.all.withLock { $0.last?.contains("count=995") } == true)
        #expect(lines.all.withLock(\.count) == 7)
        // And begins again.
        log.record("no", kind: "a", [:])
        #expect(lines.all.withLock(\.count) == 8)
    }
}
