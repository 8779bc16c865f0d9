import Synchronization
import Text

/// The sentence rules of the languages that have been asked for.
final class SegmenterCache: Sendable {
    /// More languages than any model has; texts of more are cut with rules made for each.
    private static let countMax = 1024

    private let segmenters = Mutex<[String: SentenceSegmenter]>([:])

    /// - Parameter language: A tag; nil where it is not known.
    func segmenter(_ language: String?) -> SentenceSegmenter {
        let key = language ?? ""
        if let known = segmenters.withLock({ $0[key] }) { return known }
        let made = SentenceSegmenter(language: language)
        return segmenters.withLock { known in
            if let other = known[key] { return other }
            if known.count < Self.countMax { known[key] = made }
            return made
        }
    }
}
