/// Where texts are cut into the segments that are translated one by one, by the names that users write. What is longer than
/// the model holds is cut further in any case.
public enum SplitRule: String, Sendable, CaseIterable {
    /// Nowhere: a text is one segment. (`none` is the name of a missing value in Swift.)
    case nowhere = "none"
    /// At the ends of lines.
    case newlines
    /// At the ends of lines and of sentences.
    case sentences
}
