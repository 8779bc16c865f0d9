/// What a key may ask for; nil: as much as it wants.
package struct KeyLimits: Sendable, Hashable {
    package var requestsPerMinute: Int?
    package var charactersPerMonth: Int?

    package init() {}

    static let forms = ["requests_per_minute_max=N", "characters_per_month_max=N"]

    /// - Returns: Whether the word is a limit.
    mutating func set(_ word: String) -> Bool {
        let parts = word.split(separator: "=", maxSplits: 1)
        guard parts.count == 2, let number = Int(parts[1]), number > 0 else { return false }
        switch parts[0] {
        case "requests_per_minute_max": requestsPerMinute = number
        case "characters_per_month_max": charactersPerMonth = number
        default: return false
        }
        return true
    }
}
