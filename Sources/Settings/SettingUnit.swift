/// What a number counts.
enum SettingUnit: String, Sendable {
    case none = ""
    case milliseconds = "ms"
    case days
    case hours
    case bytes
    case tokens = "source tokens"
    case jobs
    case texts
    case glossaries
    case characters
    case attempts
    case messages
    case connections
    case models
    case threads

    /// The value with the largest unit that keeps it whole: `30 s`, `4 GiB`.
    func reading(_ value: Int) -> String {
        let steps: [(factor: Int, name: String)] =
            switch self {
            case .milliseconds: [(86_400_000, "days"), (3_600_000, "h"), (60_000, "min"), (1000, "s"), (1, "ms")]
            case .bytes: [(1 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB"), (1, "bytes")]
            default: []
            }
        guard value != 0, let step = steps.first(where: { value.isMultiple(of: $0.factor) }) else {
            return "\(value) \(rawValue)"
        }
        return "\(value / step.factor) \(step.name)"
    }

    /// Of units of time.
    var milliseconds: Int {
        switch self {
        case .days: 86_400_000
        case .hours: 3_600_000
        default: 1
        }
    }
}
