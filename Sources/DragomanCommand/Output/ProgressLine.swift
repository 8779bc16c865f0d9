/// What is said about long work while it runs; time comes from outside.
package struct ProgressLine: Sendable, Equatable {
    /// Work that ends before this gets no line.
    package static let delay = Duration.seconds(1)
    package static let interval = Duration.milliseconds(200)
    /// Goes to the beginning of a terminal's line and clears it.
    package static let erasure = "\r\u{1B}[K"

    package private(set) var lineCount = 0
    package private(set) var tokenCount = 0

    /// What is counted: `lines`.
    private let unit: String

    package init(unit: String = "lines") { self.unit = unit }

    package mutating func add(_ outcome: Outcome) {
        lineCount += 1
        tokenCount += outcome.tokenCount
    }

    /// - Parameter elapsed: Since the work began.
    package func text(after elapsed: Duration) -> String {
        let seconds = max(elapsed / .seconds(1), 0.001)
        var parts = ["\(Quantity.grouped(lineCount)) \(unit)", rate(of: lineCount, in: seconds, "\(unit)/s")]
        if tokenCount > 0 { parts.append(rate(of: tokenCount, in: seconds, "tokens/s")) }
        return parts.joined(separator: ", ")
    }

    private func rate(of count: Int, in seconds: Double, _ unit: String) -> String {
        let rate = Double(count) / seconds
        return "\(rate < 10 ? Quantity.oneDecimal(rate) : Quantity.grouped(Int(rate.rounded()))) \(unit)"
    }
}
