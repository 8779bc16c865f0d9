/// Numbers as Prometheus reads them: its text format, version 0.0.4.
/// https://prometheus.io/docs/instrumenting/exposition_formats/
package struct Exposition: Sendable {
    package static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    package enum Kind: String, Sendable { case counter, gauge, histogram }

    package enum Value: Sendable, Hashable {
        case whole(UInt64)
        /// Seconds, in millionths.
        case microseconds(UInt64)

        /// Exact: no number goes through floating point.
        var text: String {
            switch self {
            case .whole(let value): return String(value)
            case .microseconds(let value):
                let (whole, fraction) = value.quotientAndRemainder(dividingBy: 1_000_000)
                guard fraction > 0 else { return String(whole) }
                let digits = String(fraction)
                var text = "\(whole)." + String(repeating: "0", count: 6 - digits.count) + digits
                while text.last == "0" { text.removeLast() }
                return text
            }
        }

        private static func combined(_ one: Value, _ other: Value, _ operation: (UInt64, UInt64) -> UInt64) -> Value {
            switch (one, other) {
            case (.whole(let one), .whole(let other)): .whole(operation(one, other))
            case (.microseconds(let one), .microseconds(let other)): .microseconds(operation(one, other))
            default: preconditionFailure("a metric has one unit")
            }
        }

        fileprivate func added(to other: Value) -> Value {
            Self.combined(self, other) { one, other in
                let (sum, overflow) = one.addingReportingOverflow(other)
                return overflow ? .max : sum
            }
        }

        fileprivate func largest(of other: Value) -> Value { Self.combined(self, other, max) }
    }

    package struct Sample: Sendable {
        var labels: [(name: String, value: String)]
        var value: Value

        package init(_ value: Value, _ labels: KeyValuePairs<String, String> = [:]) {
            self.value = value
            self.labels = labels.map { (name: $0.key, value: $0.value) }
        }
    }

    private struct Family: Sendable {
        let kind: Kind
        let help: String
        /// By the labels' text.
        var samples: [String: Value] = [:]
        /// Of a histogram, in order.
        var lines: [String] = []
    }

    private var families: [String: Family] = [:]

    package init() {}

    /// Adds a metric, which is named even if it has no sample yet. Of samples with equal labels there is one: counters are
    /// added up, and of gauges the largest counts.
    package mutating func add(_ kind: Kind, _ name: String, _ help: String, _ samples: [Sample]) {
        precondition(kind != .histogram)
        precondition(families[name] == nil, "\(name) is there twice")
        var family = Family(kind: kind, help: help)
        for sample in samples {
            let labels = Self.text(of: sample.labels)
            let before = family.samples[labels]
            family.samples[labels] =
                before.map { kind == .counter ? $0.added(to: sample.value) : $0.largest(of: sample.value) }
                ?? sample.value
        }
        families[name] = family
    }

    package mutating func add(_ kind: Kind, _ name: String, _ help: String, _ value: Value) {
        add(kind, name, help, [Sample(value)])
    }

    /// - Parameters:
    ///   - bounds: Of the histogram's, those that are shown.
    ///   - value: How a value of the histogram is written.
    package mutating func add(
        _ histogram: Histogram, at bounds: [UInt64], _ name: String, _ help: String, _ value: (UInt64) -> Value
    ) {
        precondition(families[name] == nil, "\(name) is there twice")
        var family = Family(kind: .histogram, help: help)
        for (bound, count) in zip(bounds, histogram.cumulative(at: bounds)) {
            family.lines.append("\(name)_bucket{le=\"\(value(bound).text)\"} \(count)")
        }
        family.lines.append("\(name)_bucket{le=\"+Inf\"} \(histogram.count)")
        family.lines.append("\(name)_sum \(value(histogram.sum).text)")
        family.lines.append("\(name)_count \(histogram.count)")
        families[name] = family
    }

    /// Metrics by name, and samples by their labels.
    package var text: String {
        var text = ""
        for (name, family) in families.sorted(by: { $0.key < $1.key }) {
            text += "# HELP \(name) \(Self.escaped(family.help, quotes: false))\n"
            text += "# TYPE \(name) \(family.kind.rawValue)\n"
            for line in family.lines { text += line + "\n" }
            for (labels, value) in family.samples.sorted(by: { $0.key < $1.key }) {
                text += "\(name)\(labels) \(value.text)\n"
            }
        }
        return text
    }

    private static func text(of labels: [(name: String, value: String)]) -> String {
        guard !labels.isEmpty else { return "" }
        return "{" + labels.map { "\($0.name)=\"\(escaped($0.value, quotes: true))\"" }.joined(separator: ",") + "}"
    }

    private static func escaped(_ text: String, quotes: Bool) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": escaped += "\\\\"
            case "\n": escaped += "\\n"
            case "\"" where quotes: escaped += "\\\""
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}
