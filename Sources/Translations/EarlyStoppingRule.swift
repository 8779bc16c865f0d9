/// When a beam search ends, by the names that users write.
public enum EarlyStoppingRule: String, Sendable, CaseIterable {
    /// As soon as enough hypotheses are finished.
    case full
    /// When the best running hypothesis, at its present length, is worse than the worst finished one.
    case heuristic
    /// Only when no running hypothesis can become better than the worst finished one.
    case never
}

/// As packed models have it, which call `full` `whenFull`.
extension EarlyStoppingRule: Codable {
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let name = try container.decode(String.self)
        guard let rule = Self.allCases.first(where: { $0.packedName == name }) else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "\(name) is no rule of early stopping")
        }
        self = rule
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(packedName)
    }

    private var packedName: String { self == .full ? "whenFull" : rawValue }
}
