package import JobModel

/// How records are written.
package struct RecordFormat: Sendable, Equatable {
    package var isJSON: Bool

    package init(isJSON: Bool) { self.isJSON = isJSON }

    /// Whole lines.
    package func bytes(of record: Record) -> [UInt8] {
        if isJSON {
            var json = JSONText()
            json.record(record)
            return json.bytes + [UInt8(ascii: "\n")]
        }
        let texts = record.outputs.map { $0.hypotheses.first?.text ?? "" }
        let lines = texts.isEmpty ? [record.failure?.message ?? ""] : texts
        let head = "\(record.sequence)\t\(record.job)\t\(record.isPartial ? "partial" : "\(record.state)")\t"
        return Array(lines.map { head + Self.onOneLine($0) + "\n" }.joined().utf8)
    }

    /// Tabs and line breaks would be taken for the format's own; a backslash, for the beginning of one.
    private static func onOneLine(_ text: String) -> String {
        guard text.utf8.contains(where: { [0x09, 0x0A, 0x0D, 0x5C].contains($0) }) else { return text }
        var line = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": line += "\\\\"
            case "\n": line += "\\n"
            case "\r": line += "\\r"
            case "\t": line += "\\t"
            default: line.unicodeScalars.append(scalar)
            }
        }
        return line
    }
}
