/// A stretch of a document that is translated at once: a sentence, or a part of one that was too long.
package struct Segment: Sendable, Equatable {
    /// The words, without white space around them.
    package let text: Substring
    /// The line that holds it and the sentence it belongs to, counted from 0 through the document.
    package let line: Int
    package let sentence: Int
    /// Where the sentence was cut after this segment because it was too long; nothing if the sentence ends here.
    package let boundary: SplitBoundary?
    /// Whether it stands in the output as it is.
    package let isKept: Bool
}
