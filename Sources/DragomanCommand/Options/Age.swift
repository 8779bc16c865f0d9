import ArgumentParser

/// How long ago something was, as people write it: `90s`, `15m`, `2h`, `7d`.
package struct Age: Sendable, Equatable {
    package var milliseconds: UInt64

    private static let units: [Character: UInt64] = ["s": 1000, "m": 60_000, "h": 3_600_000, "d": 86_400_000]

    package init?(_ text: String) {
        guard let unit = text.last.flatMap({ Self.units[$0] }), let count = UInt64(text.dropLast()),
            !text.hasPrefix("+")
        else { return nil }
        let (milliseconds, isTooLarge) = count.multipliedReportingOverflow(by: unit)
        guard !isTooLarge else { return nil }
        self.milliseconds = milliseconds
    }

    @Sendable static func argument(_ text: String) throws -> Age {
        guard let age = Age(text) else {
            throw ValidationError("an age is a whole number and a unit, such as 90s, 15m, 2h or 7d, not \"\(text)\"")
        }
        return age
    }
}
