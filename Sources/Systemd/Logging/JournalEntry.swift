import Logging

/// One entry of the journal in its native protocol (https://systemd.io/JOURNAL_NATIVE_PROTOCOL/).
struct JournalEntry {
    /// More of one value is cut off, with a note.
    static let valueBytesMaximum = 16 << 10
    /// More metadata is left out, and counted in DRAGOMAN_OMITTED. The kernel's default bound for a datagram is 208 KiB;
    /// larger entries would need a file in memory, and whoever logs as much has something else to mend.
    static let entryBytesMaximum = 128 << 10
    /// journald ignores fields with longer names.
    static let nameBytesMaximum = 64

    private(set) var bytes: [UInt8] = []

    init(_ event: LogEvent, metadata: Logger.Metadata) {
        append("PRIORITY", String(event.level.syslogPriority))
        append("SYSLOG_IDENTIFIER", "dragoman")
        // What a person sees is the same in `journalctl` and on a terminal; the fields are for programs.
        append("MESSAGE", LogLine.text(event, metadata: metadata))
        append("CODE_FILE", event.file)
        append("CODE_LINE", String(event.line))
        append("CODE_FUNC", event.function)
        var omitted = 0
        for (key, value) in metadata.sorted(by: { $0.key < $1.key }) {
            let text = value.description.truncated(toBytes: Self.valueBytesMaximum)
            if bytes.count + Self.nameBytesMaximum + text.utf8.count > Self.entryBytesMaximum {
                omitted += 1
            } else {
                append(Self.name(key), text)
            }
        }
        if omitted > 0 { append("DRAGOMAN_OMITTED", String(omitted)) }
    }

    /// `NAME=value` and a newline; a value that has newlines itself goes as `NAME`, newline, its length in 8 bytes, least
    /// significant first, the value, newline.
    private mutating func append(_ name: String, _ value: String) {
        bytes += name.utf8
        if value.utf8.contains(UInt8(ascii: "\n")) {
            bytes.append(UInt8(ascii: "\n"))
            withUnsafeBytes(of: UInt64(value.utf8.count).littleEndian) { bytes += $0 }
        } else {
            bytes.append(UInt8(ascii: "="))
        }
        bytes += value.utf8
        bytes.append(UInt8(ascii: "\n"))
    }

    /// journald takes A to Z, 0 to 9 and `_`. The prefix keeps names apart from its own.
    private static func name(_ key: String) -> String {
        let name = "DRAGOMAN_" + key.uppercased().map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" }
        return String(name.prefix(nameBytesMaximum))
    }
}

extension Logger.Level {
    /// The level as syslog(3) and the journal number it.
    var syslogPriority: Int {
        switch self {
        case .trace, .debug: 7
        case .info: 6
        case .notice: 5
        case .warning: 4
        case .error: 3
        case .critical: 2
        }
    }
}
