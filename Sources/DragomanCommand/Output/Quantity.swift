import JobModel

/// Numbers for people, the same in every locale.
package enum Quantity {
    /// `18234112` is `18,234,112`.
    package static func grouped(_ value: Int) -> String {
        let digits = Array(String(value.magnitude))
        var text = value < 0 ? "-" : ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index).isMultiple(of: 3) { text.append(",") }
            text.append(digit)
        }
        return text
    }

    /// `1 job`, `18,234 jobs`.
    package static func counted(_ count: Int, _ noun: String) -> String {
        "\(grouped(count)) \(noun.agreeing(with: count))"
    }

    package static func oneDecimal(_ value: Double) -> String {
        let tenths = Int((value * 10).rounded())
        return "\(grouped(tenths / 10)).\(abs(tenths % 10))"
    }

    /// `36543210` is `36.5 MB`.
    package static func bytes(_ count: Int) -> String {
        switch count {
        case ..<1_000: counted(count, "byte")
        case ..<1_000_000: "\(oneDecimal(Double(count) / 1e3)) kB"
        case ..<1_000_000_000: "\(oneDecimal(Double(count) / 1e6)) MB"
        default: "\(oneDecimal(Double(count) / 1e9)) GB"
        }
    }
}
