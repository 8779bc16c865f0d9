/// How far a download is, for a line of a terminal; time comes from outside.
package struct DownloadBar: Sendable, Equatable {
    package let name: String
    package let byteCount: Int
    /// What was there at the beginning; it does not count for the speed.
    private let first: Int
    package private(set) var present: Int

    package init(name: String, byteCount: Int, present: Int) {
        self.name = name
        self.byteCount = byteCount
        self.present = present
        first = present
    }

    package mutating func reach(_ present: Int) { self.present = present }

    /// - Parameters:
    ///   - elapsed: Since the beginning.
    ///   - width: What the terminal has room for, in columns.
    package func text(after elapsed: Duration, width: Int = 80) -> String {
        let part = byteCount > 0 ? min(1, Double(present) / Double(byteCount)) : 1
        let seconds = elapsed / .seconds(1)
        let rate = seconds > 0 ? Double(max(0, present - first)) / seconds : 0
        var figures = ["\(Quantity.bytes(present)) of \(Quantity.bytes(byteCount))"]
        if rate >= 1 {
            figures.append("\(Quantity.bytes(Int(rate)))/s")
            figures.append(ProgressBar.rest(Double(byteCount - present) / rate))
        }
        return ProgressBar.text(name, part: part, figures: figures, width: width)
    }
}
