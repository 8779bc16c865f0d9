/// When a beam search ends, by the names that users write.
public enum EarlyStoppingRule: String, Sendable, CaseIterable, Codable {
    /// With enough finished hypotheses.
    case full
    /// When the best that still runs looks worse than the finished.
    case heuristic
    /// When none can get better.
    case never
}
