/// A line of a table of terms.
struct GlossaryRow: Sendable, Equatable {
    /// Where it begins, counted from 1.
    var line: Int
    var fields: [String]

    /// The lines of a text with tabs; blank ones are left out.
    static func tabSeparated(_ text: String) -> [GlossaryRow] {
        var rows: [GlossaryRow] = []
        for (index, line) in text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            .enumerated()
        {
            let content = line.last == UInt8(ascii: "\r") ? line.dropLast() : line
            if content.allSatisfy({ $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }) { continue }
            let fields = content.split(separator: UInt8(ascii: "\t"), omittingEmptySubsequences: false)
            rows.append(GlossaryRow(line: index + 1, fields: fields.map { String(decoding: $0, as: UTF8.self) }))
        }
        return rows
    }

    /// The records of RFC 4180; blank lines are left out. Lines may end with LF too.
    ///
    /// - Throws: Where quotes do not fit together, by the line.
    static func commaSeparated(_ bytes: [UInt8], file: String) throws(GlossaryFileError) -> [GlossaryRow] {
        let quote = UInt8(ascii: "\""), comma = UInt8(ascii: ",")
        let (feed, carriage) = (UInt8(ascii: "\n"), UInt8(ascii: "\r"))
        var rows: [GlossaryRow] = []
        var (position, line) = (0, 1)
        /// The field at the position, which is then at the comma or the end of line after it.
        func field() throws(GlossaryFileError) -> String {
            var field: [UInt8] = []
            guard position < bytes.count, bytes[position] == quote else {
                while position < bytes.count, bytes[position] != comma, !isAtEndOfLine() {
                    guard bytes[position] != quote else {
                        throw GlossaryFileError(
                            .malformed, file, line: line,
                            "a quote stands within a field; put the field in quotes and double the one within")
                    }
                    field.append(bytes[position])
                    position += 1
                }
                return String(decoding: field, as: UTF8.self)
            }
            let begin = line
            position += 1
            while true {
                guard position < bytes.count else {
                    throw GlossaryFileError(.malformed, file, line: begin, "a field in quotes has no closing quote")
                }
                let byte = bytes[position]
                position += 1
                if byte == quote {
                    guard position < bytes.count, bytes[position] == quote else { break }
                    position += 1
                } else if byte == feed {
                    line += 1
                }
                field.append(byte)
            }
            guard position == bytes.count || bytes[position] == comma || isAtEndOfLine() else {
                throw GlossaryFileError(.malformed, file, line: line, "text follows a closing quote; expected a comma")
            }
            return String(decoding: field, as: UTF8.self)
        }
        func isAtEndOfLine() -> Bool {
            bytes[position] == feed
                || bytes[position] == carriage && (position + 1 == bytes.count || bytes[position + 1] == feed)
        }
        while position < bytes.count {
            var row = GlossaryRow(line: line, fields: [try field()])
            while position < bytes.count, bytes[position] == comma {
                position += 1
                row.fields.append(try field())
            }
            if position < bytes.count, bytes[position] == carriage { position += 1 }
            if position < bytes.count, bytes[position] == feed { position += 1 }
            line += 1
            if row.fields != [""] { rows.append(row) }
        }
        return rows
    }
}
