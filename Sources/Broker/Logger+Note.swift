import Dispatching
import Logging
import Spans

extension Logger {
    func log(_ report: SpanExporter.Report) {
        switch report {
        case .failing(let problem):
            warning("spans cannot be sent", metadata: ["problem": "\(problem)"])
        case .recovered: notice("spans are sent again")
        case .lost(let count): warning("spans were lost", metadata: ["spans": "\(count)"])
        }
    }

    func log(_ note: Note) {
        log(level: level(note.level), "\(note.message)", metadata: note.fields.mapValues { "\($0)" })
    }

    private func level(_ level: Note.Level) -> Logger.Level {
        switch level {
        case .debug: .debug
        case .info: .info
        case .notice: .notice
        case .warning: .warning
        case .error: .error
        }
    }
}
