/// How far a download is, for a line of a terminal; time comes from outside.
package struct DownloadBar: Sendable, Equatable {
    private static let cells = 20

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
        let filled = Int(part * Double(Self.cells))
        let bar = String(repeating: "#", count: filled) + String(repeating: ".", count: Self.cells - filled)
        let seconds = elapsed / .seconds(1)
        let rate = seconds > 0 ? Double(max(0, present - first)) / seconds : 0
        var parts = ["\(Int(part * 100)) %", "\(Quantity.bytes(present)) of \(Quantity.bytes(byteCount))"]
        if rate >= 1 {
            parts.append("\(Quantity.bytes(Int(rate)))/s")
            parts.append(Self.time(Double(byteCount - present) / rate) + " left")
        }
        let figures = parts.joined(separator: ", ")
        let lines = ["\(name) [\(bar)] \(figures)", "[\(bar)] \(figures)", figures]
        return lines.first { $0.count < width } ?? "\(Int(part * 100)) %"
    }

    private static func time(_ seconds: Double) -> String {
        let seconds = Int(min(max(0, seconds), 359_999).rounded(.up))
        let (hours, minutes) = (seconds / 3600, seconds / 60 % 60)
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return hours > 0 ? "\(hours):\(two(minutes)):\(two(seconds % 60))" : "\(minutes):\(two(seconds % 60))"
    }
}
