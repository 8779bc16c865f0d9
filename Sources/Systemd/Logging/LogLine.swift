import Logging
import Wording

/// A log entry as a line of text: the message, then `key=value` for each piece of metadata, as logfmt has it.
enum LogLine {
    /// - Returns: The line without its newline: bounded, and always one, so that what it says cannot pass for another
    ///   entry, nor steer a terminal.
    static func text(_ event: LogEvent, metadata: Logger.Metadata) -> String {
        var line = escaped(event.message.description)
        for (key, value) in metadata.sorted(by: { $0.key < $1.key }) {
            line += " \(escaped(key))=\(quoted(value.description))"
        }
        return line.truncated(toBytes: JournalEntry.valueBytesMaximum)
    }

    private static func quoted(_ value: String) -> String {
        let isPlain = value.unicodeScalars.allSatisfy {
            $0 != " " && $0 != "\"" && $0 != "=" && $0 != "\\" && $0.isPrintable
        }
        guard !isPlain || value.isEmpty else { return value }
        return "\"\(escaped(value.reduce(into: "") { $0 += $1 == "\"" || $1 == "\\" ? "\\\($1)" : String($1) }))\""
    }

    private static func escaped(_ text: String) -> String {
        guard !text.unicodeScalars.allSatisfy(\.isPrintable) else { return text }
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case _ where scalar.isPrintable: result.unicodeScalars.append(scalar)
            default: result += scalar.escape
            }
        }
        return result
    }
}
