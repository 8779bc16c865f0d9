/// A kind of file that glossaries come in.
package enum GlossaryFormat: String, Sendable, CaseIterable {
    /// A source, a tab and a target on each line.
    case tsv
    /// Comma-separated values (RFC 4180).
    case csv
    /// TermBase eXchange (ISO 30042), of either edition and style.
    case tbx

    /// What people call it.
    package var title: String { rawValue.uppercased() }

    /// The format of a file, by its name or else by what it begins with.
    init(fileName: String, contents: [UInt8]) {
        let name = fileName.lowercased()
        if let dot = name.lastIndex(of: "."), let named = Self.named(String(name[name.index(after: dot)...])) {
            self = named
            return
        }
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        let text = contents.dropFirst(contents.starts(with: mark) ? mark.count : 0).drop { $0 <= 0x20 }
        if text.first == UInt8(ascii: "<") {
            self = .tbx
        } else {
            self = text.prefix { $0 != 0x0A && $0 != 0x0D }.contains(0x09) ? .tsv : .csv
        }
    }

    private static func named(_ ending: String) -> GlossaryFormat? {
        switch ending {
        case "tsv", "tab": .tsv
        case "csv": .csv
        case "tbx", "xml": .tbx
        default: nil
        }
    }
}
