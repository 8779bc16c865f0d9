import Dispatching
import Logging

extension Logger {
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
