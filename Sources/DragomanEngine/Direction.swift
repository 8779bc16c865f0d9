import Inference
import Text

/// From which language into which a segment is translated, and what that means for its tokens.
struct Direction: Sendable {
    var frame: SegmentFrame
    /// The words that go before each segment's text.
    var prompt = ""
    /// BCP 47; nil where it is not known.
    var source: String?
    var target: String?

    /// What goes between two translated sentences that had nothing between them.
    var joint: String {
        let codes = ["zh", "yue", "ja", "th", "lo", "km", "my"]
        return codes.contains(String((target ?? "").prefix { $0.isLetter })) ? "" : " "
    }
}
