/// Rows of columns as wide as they need to be, for people.
package enum TextTable {
    /// - Returns: A line for each row; nothing follows the last column.
    package static func text(_ rows: [[String]]) -> String { lines(rows).map { $0 + "\n" }.joined() }

    /// - Returns: The lines without their ends.
    package static func lines(_ rows: [[String]]) -> [String] {
        let rows = rows.map { $0.map(ControlCharacters.escaped) }
        let columnCount = rows.map(\.count).max() ?? 0
        let widths = (0..<columnCount).map { column in
            rows.map { column < $0.count ? TextColumns.count($0[column]) : 0 }.max() ?? 0
        }
        return rows.map { row in
            let cells = row.enumerated().map { column, cell in
                column == row.count - 1 ? cell : TextColumns.padded(cell, to: widths[column])
            }
            return cells.joined(separator: "  ")
        }
    }
}
