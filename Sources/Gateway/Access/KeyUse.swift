/// How much a key has been used: requests in a bucket that fills again at its rate, characters in a calendar month.
package struct KeyUse: Sendable, Hashable {
    /// Requests that may still come at once.
    private var room: Double?
    private var filledAt: UInt64 = 0
    /// Months since year 0, UTC.
    private var month = 0
    private var characters = 0

    package init() {}

    /// - Parameter now: Unix time in milliseconds.
    /// - Throws: `.tooMany`.
    package mutating func takeRequest(_ limits: KeyLimits, at now: UInt64) throws(GatewayError) {
        guard let rate = limits.requestsPerMinute else { return }
        let elapsed = Double(now > filledAt ? now - filledAt : 0) / 60_000
        let filled = min(Double(rate), (room ?? Double(rate)) + elapsed * Double(rate))
        filledAt = now
        guard filled >= 1 else {
            room = filled
            let seconds = Int(((1 - filled) / Double(rate) * 60).rounded(.up))
            throw GatewayError(.tooMany(seconds: max(1, seconds)), "\(rate) per 1 minute")
        }
        room = filled - 1
    }

    /// - Throws: `.quotaUsed`; then nothing is charged.
    package mutating func take(characters count: Int, _ limits: KeyLimits, at now: UInt64) throws(GatewayError) {
        let month = Self.month(now)
        if month != self.month {
            self.month = month
            characters = 0
        }
        if let most = limits.charactersPerMonth, characters + count > most {
            throw GatewayError(
                .quotaUsed, "the key's \(most) characters of this month are used up: \(characters) were translated")
        }
        characters += count
    }

    /// Of this month.
    package func characters(at now: UInt64) -> Int { Self.month(now) == month ? characters : 0 }

    /// What was charged and not translated.
    package mutating func giveBack(characters count: Int) { characters = max(0, characters - count) }

    /// Months since year 0 of a Unix time (Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms").
    private static func month(_ milliseconds: UInt64) -> Int {
        let days = Int(milliseconds / 86_400_000) + 719_468
        let era = days / 146_097
        let dayOfEra = days % 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shifted = (5 * dayOfYear + 2) / 153
        let month = shifted < 10 ? shifted + 3 : shifted - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return year * 12 + month - 1
    }
}
