/// Rows of columns as wide as they need to be, for people.
package enum TextTable {
    /// - Returns: A line for each row; nothing follows the last column.
    package static func text(_ rows: [[String]]) -> String { lines(rows).map { $0 + "\n" }.joined() }

    /// - Returns: The lines without their ends.
    package static func lines(_ rows: [[String]]) -> [String] {
        var widths = Widths()
        return widths.lines(rows)
    }

    /// How wide the columns of a table are of which the rows come in parts: never narrower than before.
    package struct Widths: Sendable {
        private var columns: [Int]

        /// - Parameter columns: The least that they have.
        package init(_ columns: [Int] = []) { self.columns = columns }

        package mutating func text(_ rows: [[String]]) -> String { lines(rows).map { $0 + "\n" }.joined() }

        package mutating func lines(_ rows: [[String]]) -> [String] {
            let rows = rows.map { $0.map(ControlCharacters.escaped) }
            for row in rows {
                columns += Array(repeating: 0, count: max(row.count - columns.count, 0))
                for (column, cell) in row.enumerated() {
                    columns[column] = max(columns[column], TextColumns.count(cell))
                }
            }
            return rows.map { row in
                let cells = row.enumerated().map { column, cell in
                    column == row.count - 1 ? cell : TextColumns.padded(cell, to: columns[column])
                }
                return cells.joined(separator: "  ")
            }
        }
    }
}
