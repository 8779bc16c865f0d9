/// What replicas have computed, by count.
package struct ComputedWork: Sendable, Equatable {
    /// Groups of segments that were encoded together.
    package var groups = 0
    package var segments = 0
    package var encodedTokens = 0
    /// What the encoded tokens would have been had every group been padded to its longest segment.
    package var paddedTokens = 0
    /// Steps of the decoder.
    package var steps = 0
    /// The rows of all steps: one for every token of every hypothesis.
    package var rows = 0
    /// Steps whose products with the output layer were bounded, not computed; their rows; and how often a group of columns
    /// was computed after that, row by row (a few of them twice).
    package var screenedSteps = 0
    package var screenedRows = 0
    package var screenedGroups = 0
    /// The budget's tokens that were in use, summed over all steps.
    package var budgetUsed = 0

    package init() {}

    package mutating func encode(lengths: some Collection<Int>) {
        groups += 1
        segments += lengths.count
        encodedTokens += lengths.reduce(0, +)
        paddedTokens += lengths.count * (lengths.max() ?? 0)
    }

    package mutating func decode(rows count: Int, budgetUsed used: Int) {
        steps += 1
        rows += count
        budgetUsed += used
    }

    package mutating func screen(rows count: Int, groups: Int) {
        screenedSteps += 1
        screenedRows += count
        screenedGroups += groups
    }

    package static func - (a: Self, b: Self) -> Self { combine(a, b, -) }

    package static func + (a: Self, b: Self) -> Self { combine(a, b, +) }

    private static func combine(_ a: Self, _ b: Self, _ operation: (Int, Int) -> Int) -> Self {
        var result = Self()
        for field in [
            \.groups, \.segments, \.encodedTokens, \.paddedTokens, \.steps, \.rows, \.screenedSteps,
            \.screenedRows, \.screenedGroups, \.budgetUsed,
        ] as [WritableKeyPath<Self, Int>] {
            result[keyPath: field] = operation(a[keyPath: field], b[keyPath: field])
        }
        return result
    }
}
