/// How far work is of which the end is known, for a line of a terminal.
enum ProgressBar {
    private static let cells = 20

    /// - Parameters:
    ///   - title: What comes first where there is room; empty: nothing.
    ///   - part: 0 to 1.
    ///   - figures: What there is to say besides.
    ///   - width: What the terminal has room for, in columns.
    static func text(_ title: String = "", part: Double, figures: [String], width: Int) -> String {
        let filled = Int(part * Double(cells))
        let bar = "[" + String(repeating: "#", count: filled) + String(repeating: ".", count: cells - filled) + "]"
        let percent = "\(Int(part * 100)) %"
        let figures = ([percent] + figures).joined(separator: ", ")
        let lines = (title.isEmpty ? [] : ["\(title) \(bar) \(figures)"]) + ["\(bar) \(figures)", figures]
        return lines.first { TextColumns.count($0) < width } ?? percent
    }

    /// How long the rest takes: `0:07 left`.
    static func rest(_ seconds: Double) -> String {
        let seconds = Int(min(max(0, seconds), 359_999).rounded(.up))
        let (hours, minutes) = (seconds / 3600, seconds / 60 % 60)
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let time = hours > 0 ? "\(hours):\(two(minutes)):\(two(seconds % 60))" : "\(minutes):\(two(seconds % 60))"
        return time + " left"
    }
}
