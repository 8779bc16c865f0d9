import Foundation

/// What a benchmark found.
package struct BenchFigures: Sendable {
    package var requests: Int
    /// The target tokens of one repetition.
    package var tokens = 0
    /// How long each repetition took.
    package var seconds: [Double] = []
    /// Of each single request, in milliseconds; empty when throughput was measured.
    package var latencies: [Double] = []
    /// What the machine had to do for it; nil when nobody counted.
    package var load: BenchLoad?

    package init(requests: Int) { self.requests = requests }

    package var text: String {
        let rate = Self.spread(seconds.map { Double(tokens) / $0 })
        var lines = [
            "requests     \(requests)",
            "tokens       \(tokens)",
            "tokens/s     \(Self.short(rate.median)) (\(Self.short(rate.minimum)) to \(Self.short(rate.maximum)))",
            "sentences/s  \(Self.short(Double(requests) / Self.spread(seconds).median))",
        ]
        if !latencies.isEmpty {
            let parts = [50, 90, 99].map { "p\($0) \(Self.short(Self.percentile($0, of: latencies)))" }
            lines.append("latency, ms  " + parts.joined(separator: ", "))
        }
        lines += load?.lines ?? []
        return lines.joined(separator: "\n") + "\n"
    }

    /// The same for programs: one object on one line.
    package var json: [UInt8] {
        let rate = Self.spread(seconds.map { Double(tokens) / $0 })
        var json = JSONText()
        json.object { json in
            json.key("requests")
            json.number(requests)
            json.key("tokens")
            json.number(tokens)
            for (key, value) in [
                ("tokens_per_s", rate.median), ("tokens_per_s_min", rate.minimum), ("tokens_per_s_max", rate.maximum),
                ("sentences_per_s", Double(requests) / Self.spread(seconds).median),
            ] {
                json.key(key)
                json.number(Float(value))
            }
            if !latencies.isEmpty {
                json.key("latency_ms")
                json.object { json in
                    for percent in [50, 90, 99] {
                        json.key("p\(percent)")
                        json.number(Float(Self.percentile(percent, of: latencies)))
                    }
                }
            }
            if let load {
                json.key("load")
                load.write(to: &json)
            }
        }
        return json.bytes + [UInt8(ascii: "\n")]
    }

    /// The smallest value that at least `percent` of all do not exceed (the nearest-rank method).
    package static func percentile(_ percent: Int, of values: [Double]) -> Double {
        let sorted = values.sorted()
        return sorted[max(0, (sorted.count * percent + 99) / 100 - 1)]
    }

    static func spread(_ values: [Double]) -> (minimum: Double, median: Double, maximum: Double) {
        let sorted = values.sorted()
        return (sorted[0], percentile(50, of: sorted), sorted[sorted.count - 1])
    }

    static func short(_ value: Double) -> String {
        value >= 100 ? String(Int(value.rounded())) : String(format: "%.2f", value)
    }
}
