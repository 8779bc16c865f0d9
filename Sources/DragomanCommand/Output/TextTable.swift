/// Rows of columns as wide as they need to be, for people.
package enum TextTable {
    /// - Returns: A line for each row; nothing follows the last column.
    package static func text(_ rows: [[String]]) -> String {
        let rows = rows.map { $0.map(ControlCharacters.escaped) }
        let columnCount = rows.map(\.count).max() ?? 0
        let widths = (0..<columnCount).map { column in
            rows.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0
        }
        return rows.map { row in
            let cells = row.enumerated().map { column, cell in
                column == row.count - 1 ? cell : cell + String(repeating: " ", count: widths[column] - cell.count)
            }
            return cells.joined(separator: "  ") + "\n"
        }.joined()
    }
}
