/// What is said about long work while it runs; time comes from outside.
package struct ProgressLine: Sendable, Equatable {
    /// Work that ends before this gets no line.
    package static let delay = Duration.seconds(1)
    package static let interval = Duration.milliseconds(200)
    /// Goes to the beginning of a terminal's line and clears it.
    package static let erasure = "\r\u{1B}[K"

    package private(set) var lineCount = 0
    package private(set) var tokenCount = 0
    /// How many there are in all; nil: that is not known yet.
    package var total: Int?

    /// What is counted: `lines`.
    private let unit: String

    package init(unit: String = "lines", total: Int? = nil) {
        self.unit = unit
        self.total = total
    }

    package mutating func add(_ outcome: Outcome) {
        lineCount += 1
        tokenCount += outcome.tokenCount
    }

    /// So many are done.
    package mutating func reach(_ count: Int) { lineCount = count }

    /// - Parameters:
    ///   - elapsed: Since the work began.
    ///   - width: What the terminal has room for, in columns.
    package func text(after elapsed: Duration, width: Int = 80) -> String {
        let seconds = max(elapsed / .seconds(1), 0.001)
        var rates = [rate(of: lineCount, in: seconds, "\(unit)/s")]
        if tokenCount > 0 { rates.append(rate(of: tokenCount, in: seconds, "tokens/s")) }
        guard let total, total > 0 else {
            let figures = ["\(Quantity.grouped(lineCount)) \(unit)"] + rates
            return TextColumns.cut(figures.joined(separator: ", "), to: width)
        }
        let count = min(lineCount, total)
        let rest = count == 0 ? [] : [ProgressBar.rest(Double(total - count) * seconds / Double(count))]
        return ProgressBar.text(
            part: Double(count) / Double(total),
            figures: ["\(Quantity.grouped(count)) of \(Quantity.grouped(total)) \(unit)"] + rates + rest, width: width)
    }

    private func rate(of count: Int, in seconds: Double, _ unit: String) -> String {
        let rate = Double(count) / seconds
        return "\(rate < 10 ? Quantity.oneDecimal(rate) : Quantity.grouped(Int(rate.rounded()))) \(unit)"
    }
}
